import { open, type CityResponse, type Reader } from 'maxmind'
import { z } from 'zod'
import { StartFailure } from '../start-failure'

const named = z.object({ names: z.record(z.string(), z.string()) }).optional()
/** Of a record of a MaxMind City or Country database, what is shown; whatever else it holds is not read. */
const recordSchema = z.object({ city: named, country: named })

/** About where an address is, in English, as it is stored with a session: `Bangkok, Thailand`. null where nobody knows. */
export type PlaceOf = (address: string) => string | null

/**
 * Opens the GeoIP database (MaxMind format) that was configured; without one no place is known.
 * @throws StartFailure where it cannot be read
 */
export async function openPlaces(file: string | null): Promise<PlaceOf> {
  if (file === null) return () => null
  const reader = await openReader(file)
  return (address) => {
    const record = recordSchema.safeParse(find(reader, address))
    if (!record.success) return null
    const { city, country } = record.data
    const place = [city?.names['en'], country?.names['en']].filter((name) => name !== undefined).join(', ')
    return place === '' ? null : place.slice(0, 200)
  }
}

async function openReader(file: string): Promise<Reader<CityResponse>> {
  try {
    return await open<CityResponse>(file)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new StartFailure('configuration-refused', `the GeoIP database cannot be read: ${file}: ${detail}`, {
      cause: error,
    })
  }
}

/** A place is an ornament: a damaged record must not keep anybody from signing in. */
function find(reader: Reader<CityResponse>, address: string): unknown {
  try {
    return reader.get(address)
  } catch {
    return null
  }
}
