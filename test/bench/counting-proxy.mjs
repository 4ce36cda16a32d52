import { createServer, connect } from 'node:net'
import { once } from 'node:events'

/** A plain TCP proxy that counts what goes up through it. `onCount` is called with the running sum. */
export async function startCountingProxy(targetPort) {
  let sentBytes = 0
  let onCount = () => undefined
  const server = createServer((near) => {
    const far = connect(targetPort(), '127.0.0.1')
    near.on('data', (chunk) => {
      sentBytes += chunk.length
      onCount(sentBytes)
      if (!far.write(chunk)) near.pause()
    })
    far.on('drain', () => near.resume())
    far.on('data', (chunk) => near.write(chunk))
    for (const [a, b] of [
      [near, far],
      [far, near],
    ]) {
      a.on('close', () => b.destroy())
      a.on('error', () => b.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    sentBytes: () => sentBytes,
    whenSent: (bytes) =>
      new Promise((resolve) => {
        onCount = (sum) => sum >= bytes && resolve()
      }),
    close: () => server.close(),
  }
}
