import { createReadStream, statSync } from 'node:fs'
import { request } from 'node:http'
import { once } from 'node:events'

const [path, port] = process.argv.slice(2)
console.log(JSON.stringify({}))
const put = request({ host: '127.0.0.1', port, method: 'PUT', headers: { 'content-length': statSync(path).size } })
createReadStream(path).pipe(put)
const [response] = await once(put, 'response')
response.resume()
await once(response, 'end')
console.log('done')
setInterval(() => undefined, 1000)
