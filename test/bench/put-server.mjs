import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import { pipeline } from 'node:stream/promises'

// The bare limit of a Node server: a PUT piped to a file. No check, no flush, no digest.
const [path] = process.argv.slice(2)
const server = createServer((request, response) => {
  void pipeline(request, createWriteStream(path)).then(() => response.end())
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
