import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPlaces } from '../../backend/sessions/places'
import { startTestBackend } from '../support/backend'
import { geoipFile } from '../support/geoip-file'
import { temporaryFolder } from '../support/temporary-folder'

describe('the place of a session', () => {
  it('is where the address was at the sign-in, by the database that was configured', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'city.mmdb')
    writeFileSync(file, geoipFile({ firstByte: 127 }, { city: 'Chiang Mai', country: 'Thailand' }))
    await using server = await startTestBackend({ geoipFile: file })
    const user = await server.signUp()
    expect((await user.send('GET', '/user/sessions/current')).json()).toMatchObject({ place: 'Chiang Mai, Thailand' })
  })

  it('is unknown where the database knows nothing, and for what is no address', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'city.mmdb')
    writeFileSync(file, geoipFile({ firstByte: 10 }, { city: 'Bergen', country: 'Norway' }))
    const placeOf = await openPlaces(file)
    expect(['10.1.2.3', '127.0.0.1', '2001:db8::1', 'nonsense', ''].map(placeOf)).toEqual([
      'Bergen, Norway',
      null,
      null,
      null,
      null,
    ])
  })

  it('keeps a backend from starting whose database is none', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'city.mmdb')
    await expect(openPlaces(file)).rejects.toThrow('cannot be read')
    writeFileSync(file, 'this is not a database')
    await expect(openPlaces(file)).rejects.toThrow('cannot be read')
  })
})
