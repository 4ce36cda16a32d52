import { connect, type Socket } from 'node:net'
import { createHttpExchange, type HttpAnswer, type HttpCall, type HttpExchange } from '../transfers/http-exchange'
import { TransportError } from '../transfers/uploads-client'
import { readAnswerHead, UnplainHead } from './answer-head'
import type { BodySink } from './downloads-client'
import { createSlabs } from './slabs'

/** Enough that some are written while others are read into. */
const slabCount = 5
/** Problem documents are small. */
const largestDocumentBytes = 64 * 1024

/**
 * The same exchange for what is large, and comes: bodies without TLS are read from the socket straight into memory that is used
 * again and again. `node:http` takes new memory for every 64 KiB, which costs more than reading, writing and hashing them, and twice
 * the memory of all else (`performance.md`, section 6). Where an answer is framed in any other way than by its length, or goes
 * through TLS, it is `node:http` that reads it.
 */
export function createContentExchange(origin: string): HttpExchange {
  const usual = createHttpExchange(origin)
  const { protocol, hostname, port, host } = new URL(origin)
  let isPlain = protocol === 'http:'
  const open = new Set<Socket>()
  return {
    async call(call) {
      if (!isPlain) return await usual.call(call)
      call.signal.throwIfAborted()
      try {
        return await ask({ hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), host }, call, open)
      } catch (error) {
        call.signal.throwIfAborted()
        if (!(error instanceof UnplainHead)) throw error
        isPlain = false
        return await usual.call(call)
      }
    },
    [Symbol.dispose]() {
      for (const socket of open) socket.destroy()
      usual[Symbol.dispose]()
    },
  }
}

type Address = { readonly hostname: string; readonly port: number; readonly host: string }

/** One request on a connection of its own. */
function ask({ hostname, port, host }: Address, call: HttpCall, open: Set<Socket>): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const body = createBody(call, () => {
    // Its time-out may have passed while nobody wanted to read.
    socket.setTimeout(call.idleTimeoutMs)
    socket.resume()
  })
  const { slabs } = body
  const socket = connect({
    host: hostname,
    port,
    noDelay: true,
    onread: {
      buffer: () => slabs.room(),
      callback: (sizeBytes) => {
        try {
          body.add(sizeBytes)
          if (body.answer() !== null) end()
        } catch (error) {
          fail(error)
        }
        return !body.isHeld()
      },
    },
  })
  open.add(socket)
  const abort = (): void => fail(call.signal.reason)
  const leave = (): void => {
    call.signal.removeEventListener('abort', abort)
    open.delete(socket)
    socket.destroy()
  }
  const fail = (error: unknown): void => {
    reject(error)
    leave()
  }
  const end = (): void => {
    const answer = body.answer()
    if (answer === null) return fail(new TransportError('reset', 'The answer broke off'))
    resolve(answer)
    leave()
  }
  call.signal.addEventListener('abort', abort, { once: true })
  body.whenFailed(fail)
  socket.setTimeout(call.idleTimeoutMs, () => {
    // Whoever takes the bytes is slow, not the line.
    if (!body.isHeld()) fail(new TransportError('timeout', 'No byte for too long'))
  })
  // Stays for the life of the socket: an error after the answer is of no interest, and must not end the process.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const isRefused = error.code === 'ECONNREFUSED' || error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH'
    fail(new TransportError(isRefused ? 'refused' : 'reset', error.code ?? error.message, { cause: error }))
  })
  socket.on('end', end)
  socket.on('close', end)
  const lines = Object.entries({ ...call.headers, host, connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  if (lines.some((line) => /[\r\n]/.test(line))) fail(new Error('A header with more than one line'))
  else socket.write(`${call.method} ${call.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  return promise
}

/** Takes an answer apart as it comes, and hands the bytes of its body to whoever wants them. */
function createBody(call: HttpCall, resume: () => void) {
  let head: Omit<HttpAnswer, 'body'> | null = null
  let leftBytes = 0
  let sink: BodySink | 'document' | null = null
  const document: Buffer[] = []
  let isSinkFull = false
  let onFailure: (error: unknown) => void = () => undefined
  const isHeld = (): boolean => isSinkFull || !slabs.hasMore()
  const goOn = (): void => {
    if (!isHeld()) resume()
  }
  const slabs = createSlabs(slabCount, goOn)

  /** False until the head of the answer that counts is whole. */
  const readHead = (): boolean => {
    for (;;) {
      const found = readAnswerHead(slabs.fresh())
      if (found === null) return false
      slabs.drop(found.sizeBytes)
      if (found.status < 200) continue
      const { status, headers } = found
      const length = headers.get('content-length')
      const isEmpty = status === 204 || status === 304
      if (!isEmpty && (length === undefined || !/^\d{1,15}$/.test(length))) throw new UnplainHead('A body without a length')
      leftBytes = isEmpty ? 0 : Number(length)
      head = { status, header: (name) => headers.get(name) ?? null }
      sink = call.takeBody === undefined ? 'document' : call.takeBody(head)
      // Broken off: nobody wants it.
      if (sink === null || (sink === 'document' && leftBytes > largestDocumentBytes)) leftBytes = 0
      return true
    }
  }

  return {
    slabs,
    isHeld,
    whenFailed(callback: (error: unknown) => void) {
      onFailure = callback
    },
    add(sizeBytes: number): void {
      slabs.fill(sizeBytes)
      if (head === null && !readHead()) return
      const { bytes, free } = slabs.take()
      const wanted = bytes.length > leftBytes ? bytes.subarray(0, leftBytes) : bytes
      leftBytes -= wanted.length
      if (wanted.length === 0 || sink === null) return free()
      if (sink === 'document') {
        document.push(Buffer.from(wanted))
        return free()
      }
      const room = sink.write(wanted, free)
      if (room === null) return
      isSinkFull = true
      room.then(() => {
        isSinkFull = false
        goOn()
      }, onFailure)
    },
    answer(): HttpAnswer | null {
      if (head === null || leftBytes > 0) return null
      return { ...head, body: Buffer.concat(document) }
    },
  }
}
