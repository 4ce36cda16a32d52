import { createWriteStream } from 'node:fs'
import { get } from 'node:http'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'

// The bare limit of a Node client: a GET piped to a file. No digest, no flush, no place to go on from.
const [address, token, path] = process.argv.slice(2)
console.log(JSON.stringify({}))
const request = get(address, { headers: { authorization: `Bearer ${token}` } })
const [response] = await once(request, 'response')
await pipeline(response, createWriteStream(path))
console.log('done')
setInterval(() => undefined, 1000)
