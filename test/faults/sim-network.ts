import { Readable } from 'node:stream'
import type { HttpAnswer, HttpCall, HttpExchange } from '../../main/transfers/http-exchange'
import { TransportError } from '../../main/transfers/uploads-client'
import { keptBytes } from './content'
import type { Door, WireAnswer, WireRequest } from './door'
import { Owner, type Scheduler } from './scheduler'
import type { Stream } from './streams'

/** What goes wrong with one call. */
export type CallFault =
  | { readonly kind: 'drop-request' | 'drop-answer' | 'swallow-request' | 'swallow-answer' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'cut' | 'half-open'; readonly afterPart: number }
  | { readonly kind: 'duplicate'; readonly delayMs: number }
  | { readonly kind: 'gateway-error'; readonly status: 500 | 502 | 503 | 504; readonly isAfter: boolean }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number }
  | { readonly kind: 'captive'; readonly status: 200 | 302 }

/** How the line of a device is, until it is changed. */
export type LineState = {
  isDeafToServer: boolean
  isDeafToClient: boolean
  isCaptive: boolean
  keepsInterim: boolean
  bytesPerMs: number
  latencyMs: number
}

/** A backend that runs. */
export type Server = {
  readonly door: Door
  /** Calls back when its process has ended; answers the function that forgets the call. */
  whenEnded(callback: () => void): () => void
}

type Parts = {
  readonly scheduler: Scheduler
  readonly stream: Stream
  readonly owner: Owner
  readonly line: LineState
  readonly armed: CallFault[]
  /** null while the backend is down. */
  server(): Server | null
  onFault(kind: CallFault['kind']): void
  /** A part of a file from here on is about to be sent. */
  onPatch(uploadId: string, fromBytes: number): void
  onSent(uploadId: string, toBytes: number): void
}

const wire = new Owner('wire')
const windowBytes = 1024 * 1024
const pieceBytes = 512 * 1024
/** What can be on its way, or in the buffers of systems, at most. */
export const lineHoldsBytes = windowBytes + 2 * pieceBytes

class Body extends Readable {
  #wake: () => void = () => undefined
  override _read(): void {
    this.#wake()
  }
  whenRead(wake: () => void): void {
    this.#wake = wake
  }
}

/** The line between one device and the backend, under the engine's HTTP. */
export function createSimExchange(parts: Parts): HttpExchange & { breakAll(): void } {
  const open = new Set<Connection>()
  return {
    call: async (call) => {
      call.signal.throwIfAborted()
      const connection = new Connection(parts, call)
      open.add(connection)
      try {
        return await connection.run()
      } finally {
        open.delete(connection)
      }
    },
    /** The device is gone: the other side hears of it. */
    breakAll() {
      for (const connection of open) connection.leave()
      open.clear()
    },
    [Symbol.dispose]: () => undefined,
  }
}

class Connection {
  readonly #done = Promise.withResolvers<HttpAnswer>()
  readonly #stop = new AbortController()
  readonly #fault: CallFault | null
  readonly #patched: { readonly uploadId: string; readonly fromBytes: number } | null
  readonly #body = new Body()
  readonly #recorded: Buffer[] = []
  #waiting: Buffer[] = []
  #isBodyWhole = false
  #isPaused = false
  #isSilent = false
  #isLeft = false
  #sentBytes = 0
  #deliveredBytes = 0
  /** Of these the window is free again. */
  #takenBytes = 0
  #isAnswered = false
  #lastDeliveryMs = 0
  #lastByteMs: number
  #wakeWriter: () => void = () => undefined
  #isEndPushed = false
  #isServed = false
  #isServerGone = false
  #forgetEnd: () => void = () => undefined

  constructor(
    private readonly parts: Parts,
    private readonly call: HttpCall,
  ) {
    this.#fault = takeFault(parts, call)
    this.#patched = patchedBy(call)
    if (this.#patched !== null) parts.onPatch(this.#patched.uploadId, this.#patched.fromBytes)
    this.#lastByteMs = parts.scheduler.nowMs
    this.#body.whenRead(() => {
      this.#isPaused = false
      this.#push()
    })
  }

  async run(): Promise<HttpAnswer> {
    const { signal, body } = this.call
    const abort = (): void => {
      this.#done.reject(signal.reason)
      this.leave()
    }
    signal.addEventListener('abort', abort, { once: true })
    this.#watchSilence()
    this.#sendHead()
    const sent = this.#send()
    sent.catch((error: unknown) => {
      this.#done.reject(error)
      this.leave()
    })
    try {
      return await this.#done.promise
    } finally {
      this.#stop.abort(new TransportError('reset', 'The exchange is over'))
      signal.removeEventListener('abort', abort)
      if (body !== null && !this.#isBodyWhole) this.leave()
    }
  }

  /** The client closes the connection; a line that has gone silent does not tell. */
  leave(): void {
    if (this.#isLeft) return
    this.#isLeft = true
    if (this.parts.owner.isAlive) this.#wakeWriter()
    if (this.#isSilent || this.parts.line.isDeafToServer) return
    this.#later('net.close', () => this.#destroyBody())
  }

  async #send(): Promise<void> {
    const { body } = this.call
    if (body !== null) {
      const write = async (chunk: Uint8Array): Promise<void> => {
        this.#stop.signal.throwIfAborted()
        for (let at = 0; at < chunk.length; at += pieceBytes) this.#sendPiece(keptBytes(chunk.subarray(at, at + pieceBytes)))
        while (this.#sentBytes - this.#takenBytes > windowBytes && !this.#stop.signal.aborted) {
          await new Promise<void>((resolve) => (this.#wakeWriter = resolve))
        }
        this.#stop.signal.throwIfAborted()
      }
      this.#stop.signal.addEventListener('abort', () => this.#wakeWriter())
      await body.send(write, this.#stop.signal)
    }
    if (this.#stop.signal.aborted) return
    this.#deliver('net.end', 0, () => {
      this.#isBodyWhole = true
      this.#push()
      if (this.#fault?.kind === 'duplicate') this.#deliverAgain(this.#fault.delayMs)
    })
  }

  #sendPiece(piece: Buffer): void {
    this.#sentBytes += piece.length
    // What is sent after an answer that has not arrived is nobody's to bound.
    if (this.#patched !== null && !this.#isAnswered) {
      this.parts.onSent(this.#patched.uploadId, this.#patched.fromBytes + this.#sentBytes)
    }
    this.#deliver('net.bytes', piece.length, () => {
      const total = this.call.body?.lengthBytes ?? 0
      const fault = this.#fault
      let arrived = piece
      if (fault?.kind === 'cut' || fault?.kind === 'half-open') {
        const leftBytes = Math.max(0, Math.floor(total * fault.afterPart) - this.#deliveredBytes)
        if (leftBytes < piece.length) arrived = piece.subarray(0, leftBytes)
      }
      this.#deliveredBytes += piece.length
      if (arrived.length > 0) {
        if (fault?.kind === 'duplicate') this.#recorded.push(arrived)
        this.#waiting.push(arrived)
        this.#push()
      }
      if (arrived.length === piece.length) return
      this.#isSilent = true
      if (fault?.kind !== 'cut') return
      this.#destroyBody()
      if (this.parts.owner.isAlive) this.#done.reject(new TransportError('reset', 'cut'))
    })
  }

  /** In the order of sending, no quicker than the line, and not at all on one that has gone silent. */
  #deliver(label: string, sizeBytes: number, run: () => void): void {
    const { scheduler, line, stream } = this.parts
    const leastMs = scheduler.nowMs + line.latencyMs * (0.5 + stream.next())
    this.#lastDeliveryMs = Math.max(leastMs, this.#lastDeliveryMs) + 0.001 + sizeBytes / line.bytesPerMs
    scheduler.after(wire, this.#lastDeliveryMs - scheduler.nowMs, label, () => {
      if (line.isDeafToServer) this.#isSilent = true
      if (!this.#isSilent && !this.#isLeft) run()
    })
  }

  #push(): void {
    while (!this.#isPaused && this.#waiting.length > 0) {
      const piece = this.#waiting.shift()
      if (piece === undefined) break
      this.#takenBytes += piece.length
      this.#lastByteMs = this.parts.scheduler.nowMs
      // After the answer the rest is read and thrown away, as `node:http` does it.
      if (!this.#isAnswered && !this.#body.push(piece)) this.#isPaused = true
    }
    this.#wakeWriter()
    if (this.#waiting.length > 0 || !this.#isBodyWhole || this.#isEndPushed) return
    this.#isEndPushed = true
    this.#body.push(null)
  }

  #sendHead(): void {
    const { scheduler, stream, line } = this.parts
    const fault = this.#fault
    const extraMs = fault?.kind === 'delay' ? fault.delayMs : 0
    const delayMs = extraMs + line.latencyMs * (0.5 + stream.next())
    this.#lastDeliveryMs = scheduler.nowMs + delayMs
    scheduler.after(wire, delayMs, `net.head ${this.call.method} ${this.call.path}`, () => this.#arrive())
  }

  #arrive(): void {
    const { parts } = this
    const fault = this.#fault
    if (this.#isLeft || parts.line.isDeafToServer) return
    if (parts.line.isCaptive) return this.#answerFromElsewhere(302, {}, '<html>Sign in to the network</html>')
    if (fault?.kind === 'drop-request') return this.#reset('dropped')
    if (fault?.kind === 'captive') return this.#answerFromElsewhere(fault.status, {}, '<html>Sign in to the network</html>')
    if (fault?.kind === 'too-many') {
      return this.#answerFromElsewhere(429, { 'retry-after': String(fault.retryAfterSeconds) }, '')
    }
    if (fault?.kind === 'gateway-error' && !fault.isAfter) {
      return this.#answerFromElsewhere(fault.status, {}, '<html>Bad gateway</html>')
    }
    if (fault?.kind === 'swallow-request') {
      this.#isSilent = true
      return
    }
    const server = parts.server()
    if (server === null) return this.#reset('refused')
    this.#isServed = true
    // The system of a killed process says so at once; a machine without power says so when it is there again.
    this.#forgetEnd = server.whenEnded(() => {
      this.#isServerGone = true
      this.#isSilent = true
      this.#later('net.reset', () => this.#reset('the backend ended'))
    })
    if (this.call.body === null) {
      this.#isBodyWhole = true
      this.#push()
    }
    this.#serve(server, this.#requestWith(this.#body), (answer) => this.#answer(answer))
  }

  #requestWith(body: Readable): WireRequest {
    const { method, path, headers, body: sent } = this.call
    const length = sent === null ? {} : { 'content-length': String(sent.lengthBytes) }
    return { method, path, headers: { ...headers, ...length }, body }
  }

  #serve({ door }: Server, request: WireRequest, onAnswer: (answer: WireAnswer) => void): void {
    void door(request, (headers) => {
      if (this.parts.line.keepsInterim || this.call.onInterim === undefined) return
      this.#later('net.interim', () => {
        if (this.#isLeft || this.#isSilent || this.parts.line.isDeafToClient) return
        this.#lastByteMs = this.parts.scheduler.nowMs
        this.call.onInterim?.({ status: 104, header: (name) => headers[name] ?? null })
      })
    }).then(onAnswer)
  }

  #answer(answer: WireAnswer): void {
    const fault = this.#fault
    this.#isAnswered = true
    this.#isPaused = false
    this.#push()
    this.#later('net.answer', () => {
      if (this.#isLeft || this.parts.line.isDeafToClient) return
      if (fault?.kind === 'drop-answer') return this.#reset('answer dropped')
      if (fault?.kind === 'swallow-answer' || this.#isSilent) return
      if (fault?.kind === 'gateway-error') return this.#settle({ status: fault.status, headers: {}, body: '' })
      this.#settle(answer)
    })
  }

  #answerFromElsewhere(status: number, headers: Record<string, string>, body: string): void {
    this.#isSilent = true
    this.#later('net.foreign', () => this.#settle({ status, headers, body }))
  }

  #settle({ status, headers, body }: WireAnswer): void {
    const isBodyless = this.call.method === 'HEAD'
    // A process that was killed hears of nothing.
    if (this.parts.owner.isAlive) {
      this.#done.resolve({
        status,
        header: (name) => headers[name] ?? null,
        body: Buffer.from(isBodyless ? '' : body),
      })
    }
    this.#end()
  }

  #reset(why: string): void {
    this.#isSilent = true
    this.#destroyBody()
    if (this.parts.owner.isAlive) this.#done.reject(new TransportError(this.#isServed ? 'reset' : 'refused', why))
    this.#end()
  }

  /** Only a process that lives hears of a connection's end. */
  #destroyBody(): void {
    if (!this.#isServerGone) this.#body.destroy()
  }

  #end(): void {
    this.#isLeft = true
    this.#forgetEnd()
    this.#wakeWriter()
  }

  /** The same request a second time, as a proxy may send it, when its sender is long served. */
  #deliverAgain(delayMs: number): void {
    this.parts.scheduler.after(wire, delayMs, 'net.duplicate', () => {
      const server = this.parts.server()
      if (server === null) return
      const body = new Body()
      for (const piece of this.#recorded) body.push(piece)
      body.push(null)
      this.#serve(server, this.#requestWith(body), () => undefined)
    })
  }

  /** Without a byte in either direction for so long, the client gives up. */
  #watchSilence(): void {
    const { scheduler, owner } = this.parts
    const look = (delayMs: number): void => {
      scheduler.after(owner, delayMs, 'net.silence', () => {
        if (this.#isLeft) return
        const leftMs = this.#lastByteMs + this.call.idleTimeoutMs - scheduler.nowMs
        if (leftMs > 0) return look(leftMs)
        this.#done.reject(new TransportError('timeout', 'No byte for too long'))
        this.leave()
      })
    }
    look(this.call.idleTimeoutMs)
  }

  #later(label: string, run: () => void): void {
    const { scheduler, stream, line } = this.parts
    scheduler.after(wire, line.latencyMs * (0.5 + stream.next()), label, run)
  }
}

function patchedBy({ method, path, headers }: HttpCall): { uploadId: string; fromBytes: number } | null {
  const uploadId = path.split('/')[2]
  return method === 'PATCH' && uploadId !== undefined ? { uploadId, fromBytes: Number(headers['upload-offset']) } : null
}

/** Faults of bodies wait for a call that has one. */
function takeFault({ armed, onFault }: Parts, { body, path, method }: HttpCall): CallFault | null {
  if (path === '/healthz') return null
  const hasBytes = body !== null && body.lengthBytes > 0
  const isForBytes = ({ kind }: CallFault): boolean => kind === 'cut' || kind === 'half-open'
  const isForUploads = ({ kind }: CallFault): boolean => kind === 'duplicate'
  const at = armed.findIndex(
    (fault) =>
      (!isForBytes(fault) || hasBytes) && (!isForUploads(fault) || (path.startsWith('/uploads') && method !== 'GET')),
  )
  const fault = armed[at]
  if (fault === undefined) return null
  armed.splice(at, 1)
  onFault(fault.kind)
  return fault
}
