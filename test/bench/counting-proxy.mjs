import { createServer, connect } from 'node:net'
import { once } from 'node:events'

/** The backend takes requests for its own address alone, so the one in the request's head is set right. */
function withHostOf(port, chunk) {
  const at = chunk.subarray(0, 4096).indexOf('\r\nHost: 127.0.0.1:')
  if (at === -1) return chunk
  const end = chunk.indexOf('\r\n', at + 2)
  return Buffer.concat([chunk.subarray(0, at), Buffer.from(`\r\nHost: 127.0.0.1:${port}`), chunk.subarray(end)])
}

/** A plain TCP proxy that counts what goes up through it. `onCount` is called with the running sum. */
export async function startCountingProxy(targetPort) {
  let sentBytes = 0
  let onCount = () => undefined
  const server = createServer((near) => {
    const far = connect(targetPort(), '127.0.0.1')
    near.on('data', (chunk) => {
      sentBytes += chunk.length
      onCount(sentBytes)
      if (!far.write(withHostOf(targetPort(), chunk))) near.pause()
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
