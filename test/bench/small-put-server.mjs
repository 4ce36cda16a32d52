import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// The bare limit of a Node server for many files: a PUT piped to a file of its own. No check, no flush, no digest.
const [folder] = process.argv.slice(2)
const server = createServer((request, response) => {
  void pipeline(request, createWriteStream(join(folder, request.url.slice(1)))).then(() => response.end())
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
