import { createReadStream, statSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const [path, port] = process.argv.slice(2)
console.log(JSON.stringify({}))
await new Promise((resolve, reject) => {
  new Upload(createReadStream(path), {
    endpoint: `http://127.0.0.1:${port}/files`,
    uploadSize: statSync(path).size,
    onError: reject,
    onSuccess: resolve,
  }).start()
})
console.log('done')
setInterval(() => undefined, 1000)
