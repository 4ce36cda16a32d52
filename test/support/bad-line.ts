import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What goes wrong, once, with the connection that the next PATCH goes over; bytes are counted from the head of that request. */
export type LineFault =
  /** It breaks for both sides. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Nothing passes in either direction for a while. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly forMs: number }
  /** The backend is told that nothing more comes; its answers still pass. */
  | { readonly kind: 'half-close'; readonly afterBytes: number }
  /** It stays open, and what is said on it is lost, in both directions. */
  | { readonly kind: 'black-hole'; readonly afterBytes: number }
  /** One bit is another one. */
  | { readonly kind: 'corrupt'; readonly afterBytes: number }
  /** So little passes from there on. */
  | { readonly kind: 'slow'; readonly afterBytes: number; readonly bytesPerSecond: number }
  /** Each piece of the answer comes twice. */
  | { readonly kind: 'duplicate-answer'; readonly afterBytes: number }

export type BadLine = AsyncDisposable & {
  readonly port: number
  readonly origin: string
  /** The next connection with a PATCH meets it. Resolves when it has happened. */
  meet(fault: LineFault): Promise<void>
}

const patchHead = Buffer.from('PATCH /')
const host = '127.0.0.1'
/** A loopback address of its own: the backend has the same port there, and so the same Host, and nothing is rewritten here. */
export const backendHost = '127.0.0.2'

/** Of these, nothing that comes later is passed on. */
const endsThere: ReadonlySet<LineFault['kind']> = new Set(['cut', 'half-close', 'black-hole'])

type Waiting = { readonly fault: LineFault; readonly happened: () => void }

/** A line of TCP between an app and its backend, which breaks as lines do. It knows nothing of HTTP but where a PATCH begins. */
export async function startBadLine(): Promise<BadLine> {
  let waiting: Waiting | null = null
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: backendHost, port: (server.address() as AddressInfo).port, allowHalfOpen: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    carry(near, far, () => {
      const taken = waiting
      waiting = null
      return taken
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://${host}:${port}`,
    meet(fault) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting = { fault, happened: resolve }
      return promise
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** One connection. `take` gives the fault that waits for a PATCH, once. */
function carry(near: Socket, far: Socket, take: () => Waiting | null): void {
  let met: Waiting | null = null
  let passedBytes = 0
  let isBegun = false
  let isLost = false
  let isStalled = false

  const begin = ({ fault, happened }: Waiting): void => {
    isBegun = true
    happened()
    switch (fault.kind) {
      case 'cut':
        near.resetAndDestroy()
        far.resetAndDestroy()
        return
      case 'stall':
        isStalled = true
        near.pause()
        far.pause()
        setTimeout(() => {
          isStalled = false
          near.resume()
          far.resume()
        }, fault.forMs)
        return
      case 'half-close':
        isLost = true
        far.end()
        return
      case 'black-hole':
        isLost = true
        return
      case 'corrupt':
      case 'slow':
      case 'duplicate-answer':
        return
      default:
        return fault satisfies never
    }
  }

  near.on('data', (chunk: Buffer) => {
    if (met === null && chunk.subarray(0, patchHead.length).equals(patchHead)) met = take()
    if (isLost) return
    let passed = chunk
    if (met !== null && !isBegun) {
      const leftBytes = met.fault.afterBytes - passedBytes
      if (chunk.length >= leftBytes) {
        if (met.fault.kind === 'corrupt') {
          passed = Buffer.from(chunk)
          passed.writeUInt8(passed.readUInt8(leftBytes - 1) ^ 1, leftBytes - 1)
        } else if (endsThere.has(met.fault.kind)) {
          passed = chunk.subarray(0, leftBytes)
        }
      }
      passedBytes += passed.length
    }
    far.write(passed)
    if (far.writableNeedDrain) near.pause()
    if (met === null) return
    if (!isBegun && passedBytes >= met.fault.afterBytes) begin(met)
    if (isBegun && met.fault.kind === 'slow') {
      near.pause()
      setTimeout(() => near.resume(), (passed.length / met.fault.bytesPerSecond) * 1000)
    }
  })
  far.on('drain', () => {
    if (!isStalled) near.resume()
  })
  far.on('data', (chunk: Buffer) => {
    if (met?.fault.kind === 'black-hole' && isBegun) return
    near.write(chunk)
    if (met?.fault.kind === 'duplicate-answer' && isBegun) near.write(chunk)
    if (near.writableNeedDrain) far.pause()
  })
  near.on('drain', () => {
    if (!isStalled) far.resume()
  })
  near.on('end', () => far.end())
  far.on('end', () => near.end())
  for (const [here, there] of [
    [near, far],
    [far, near],
  ] as const) {
    here.on('error', () => there.destroy())
    here.on('close', () => there.destroy())
  }
}
