import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createContentExchange } from '../../../main/downloads/content-exchange'
import type { BodySink } from '../../../main/downloads/downloads-client'

/** A server that answers each connection as it is told, byte for byte. */
async function answering(answer: (socket: Socket, connection: number) => void) {
  let connections = 0
  const requests: string[] = []
  const server = createServer((socket) => {
    connections += 1
    const connection = connections
    socket.on('error', () => undefined)
    socket.once('data', (asked) => {
      requests.push(asked.toString('latin1'))
      answer(socket, connection)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Of a server that listens on a port.
  const { port } = server.address() as AddressInfo
  const exchange = createContentExchange(`http://127.0.0.1:${port}`)
  return {
    requests,
    port,
    get: (sink: BodySink | 'document' | null, signal = new AbortController().signal) =>
      exchange.call({
        method: 'GET',
        path: '/videos/v/content',
        headers: { 'x-temp-token': 'secret' },
        body: null,
        idleTimeoutMs: 5_000,
        signal,
        takeBody: ({ status }) => (status < 300 ? sink : 'document'),
      }),
    async [Symbol.asyncDispose]() {
      exchange[Symbol.dispose]()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Looks at the bytes only when it lets go of them: whoever used their memory again too early is found out. */
function lateSink(everyTurns: number) {
  const hash = createHash('sha256')
  const held: { readonly chunk: Uint8Array; free(): void }[] = []
  let sizeBytes = 0
  const letGo = (): void => {
    for (const { chunk, free } of held.splice(0)) {
      hash.update(chunk)
      sizeBytes += chunk.length
      free()
    }
  }
  const sink: BodySink = {
    write(chunk, free) {
      held.push({ chunk, free })
      if (held.length < everyTurns) {
        setImmediate(letGo)
        return null
      }
      return new Promise((resolve) => {
        setImmediate(() => {
          letGo()
          resolve()
        })
      })
    },
  }
  return {
    sink,
    result() {
      letGo()
      return { sizeBytes, sha256: hash.digest('hex') }
    },
  }
}

const resultOf = (bytes: Uint8Array) => ({
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})
const large = Buffer.alloc(24 * 1024 * 1024 + 77, 'no two megabytes of this are alike: 31 bytes')

describe('reading large answers into memory that is used again', () => {
  it.each([1, 3, 50])('passes on every byte, in order, also to one who is slow (%i at a time)', async (turns) => {
    await using server = await answering((socket) => {
      socket.write(`HTTP/1.1 206 Partial Content\r\nContent-Length: ${large.length}\r\nETag: "e"\r\n\r\n`)
      socket.end(large)
    })
    const { sink, result } = lateSink(turns)
    const answer = await server.get(sink)
    expect([answer.status, answer.header('etag'), answer.body.length]).toEqual([206, '"e"', 0])
    expect(result()).toEqual(resultOf(large))
    expect(server.requests[0]).toMatch(
      /^GET \/videos\/v\/content HTTP\/1\.1\r\nx-temp-token: secret\r\nhost: 127\.0\.0\.1:\d+\r\n/,
    )
  })

  it('takes a head that comes in pieces, after an interim answer', async () => {
    const text = 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole'
    await using server = await answering((socket) => {
      socket.setNoDelay()
      let at = 0
      const next = (): void => {
        if (at === text.length) return
        socket.write(text.slice(at, at + 1), () => setImmediate(next))
        at += 1
      }
      next()
    })
    const { sink, result } = lateSink(1)
    expect((await server.get(sink)).status).toBe(200)
    expect(result()).toEqual(resultOf(Buffer.from('whole')))
  })

  it('answers with the document of a refusal, and takes nothing where nobody wants it', async () => {
    await using server = await answering((socket, connection) => {
      if (connection === 1) socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 9\r\n\r\n{"a":"b"}')
      else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${large.length}\r\n\r\n`)
    })
    const refused = await server.get(null)
    expect([refused.status, Buffer.from(refused.body).toString()]).toEqual([401, '{"a":"b"}'])
    expect((await server.get(null)).status).toBe(200)
  })

  it.each([
    [
      'a body in chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n5\r\nwhole\r\n0\r\n\r\n',
    ],
    ['a body up to the end', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nwhole'],
    ['an older version', 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nwhole'],
  ])('leaves %s to node:http, from then on', async (_name, text) => {
    await using server = await answering((socket) => socket.end(text))
    const first = lateSink(1)
    expect((await server.get(first.sink)).status).toBe(200)
    expect(first.result()).toEqual(resultOf(Buffer.from('whole')))
    expect(server.requests).toHaveLength(2)
    const second = lateSink(1)
    await server.get(second.sink)
    expect(server.requests).toHaveLength(3)
  })

  it.each([
    ['breaks off in its head', 'HTTP/1.1 200 OK\r\ncontent-le', 'reset'],
    ['breaks off in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nwho', 'reset'],
  ])('says so where an answer %s', async (_name, text, kind) => {
    await using server = await answering((socket) => socket.end(text))
    await expect(server.get(lateSink(1).sink)).rejects.toMatchObject({ kind })
  })

  it('believes no head with two lengths', async () => {
    await using server = await answering((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nwhole!'),
    )
    await expect(server.get(lateSink(1).sink)).rejects.toMatchObject({ kind: 'reset' })
  })

  it('ends at a word, in the middle of a body', async () => {
    await using server = await answering((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${large.length}\r\n\r\nsome`)
    })
    const stop = new AbortController()
    const asked = server.get({ write: () => (stop.abort(new Error('enough')), null) }, stop.signal)
    await expect(asked).rejects.toThrow('enough')
  })

  it('knows a port at which nobody listens', async () => {
    const exchange = createContentExchange('http://127.0.0.1:1')
    const signal = new AbortController().signal
    const call = exchange.call({ method: 'GET', path: '/', headers: {}, body: null, idleTimeoutMs: 1_000, signal })
    await expect(call).rejects.toMatchObject({ kind: 'refused' })
  })
})
