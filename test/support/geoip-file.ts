/** A place as a MaxMind City database has it. */
type Place = { readonly city: string; readonly country: string }

/** A GeoIP database (MaxMind DB 2.0, IPv4) that knows one network; https://maxmind.github.io/MaxMind-DB/. */
export function geoipFile(network: { readonly firstByte: number }, { city, country }: Place): Buffer {
  const nodeCount = 8
  const names = (name: string) => ({ names: { en: name } })
  const data = encode({ city: names(city), country: names(country) })
  const tree = Buffer.alloc(nodeCount * 6)
  for (let bit = 0; bit < nodeCount; bit += 1) {
    const isLast = bit === nodeCount - 1
    const wanted = (network.firstByte >> (7 - bit)) & 1
    // A record is the next node, the number of nodes for "nothing is known", or beyond it a place in the data.
    for (const side of [0, 1]) {
      const value = side !== wanted ? nodeCount : isLast ? nodeCount + 16 : bit + 1
      tree.writeUIntBE(value, bit * 6 + side * 3, 3)
    }
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_800_000_000,
    database_type: 'Test-City',
    description: { en: 'one network' },
    ip_version: 4,
    languages: ['en'],
    node_count: nodeCount,
    record_size: 24,
  })
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')])
  return Buffer.concat([tree, Buffer.alloc(16), data, marker, metadata])
}

type Value = string | number | readonly string[] | { readonly [key: string]: Value }

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([head(6, 4), bytes])
  }
  if (isList(value)) return Buffer.concat([Buffer.from([value.length, 4]), ...value.map(encode)])
  const entries = Object.entries(value)
  return Buffer.concat([head(7, entries.length), ...entries.flatMap(([key, each]) => [encode(key), encode(each)])])
}

function head(type: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29])
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value)
}
