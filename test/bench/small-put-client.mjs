import { createReadStream, readdirSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'

// The bare limit of a Node client for many files: so many at a time, each a read stream piped to a PUT.
const [folder, port, inFlight] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
const names = readdirSync(folder)
console.log(JSON.stringify({}))

async function put(name) {
  const path = join(folder, name)
  const headers = { 'content-length': statSync(path).size }
  const asked = request({ agent, host: '127.0.0.1', port, method: 'PUT', path: `/${name}`, headers })
  createReadStream(path).pipe(asked)
  const [response] = await once(asked, 'response')
  response.resume()
  await once(response, 'end')
}

await Promise.all(
  Array.from({ length: Number(inFlight) }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await put(name)
  }),
)
console.log('done')
setInterval(() => undefined, 1000)
