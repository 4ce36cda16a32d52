import { createHash } from 'node:crypto'
import { request, type IncomingHttpHeaders } from 'node:http'
import { metadata, octets, tus } from '../../support/tus'

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

type Asking = {
  readonly method: string
  readonly headers: Readonly<Record<string, string | number>>
  readonly body?: Buffer
  /** Told the headers of interim answers. */
  readonly onInterim?: (headers: IncomingHttpHeaders) => void
}

/** One request on a connection of its own; null where the connection broke before the answer was whole. */
export function ask(url: string, { method, headers, body, onInterim }: Asking): Promise<Answer | null> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': body.length }
    const call = request(url, { method, headers: { ...headers, ...length }, agent: false }, (answer) => {
      answer
        .toArray()
        .then((chunks: Buffer[]) => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
        })
        .catch(() => resolve(null))
    })
    call.on('information', (interim) => onInterim?.(interim.headers))
    call.on('error', () => resolve(null))
    call.end(body)
  })
}

export type Outcome =
  | { readonly kind: 'accepted' }
  /** The backend went away in the middle of it. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }

export type Plan = {
  readonly name: string
  readonly sizeBytes: number
  /** So much goes in one request. */
  readonly sliceBytes: number
  /** The first bytes come with the creation. */
  readonly isCreatedWithBytes: boolean
}

/** What a backend has told its client so far. */
export type Promises = {
  readonly location: string | null
  /** As far as any answer has said. */
  readonly acknowledgedBytes: number
}

/** A client of tus that remembers every promise it was given, and finds it broken by an exception. */
export class Sender {
  promises: Promises = { location: null, acknowledgedBytes: 0 }
  /** Every success and refusal, in order. */
  readonly answers: number[] = []
  readonly file: Buffer
  readonly #plan: Plan
  readonly #headers: Record<string, string>
  readonly #sha256: Buffer

  /** @param creationKey the same in every try, so that a creation whose answer got lost is found again */
  constructor({ file, plan }: { readonly file: Buffer; readonly plan: Plan }, token: string, creationKey: string) {
    this.file = file
    this.#plan = plan
    this.#headers = { authorization: `Bearer ${token}`, 'idempotency-key': creationKey }
    this.#sha256 = createHash('sha256').update(file).digest()
  }

  get location(): string | null {
    return this.promises.location
  }

  get acknowledgedBytes(): number {
    return this.promises.acknowledgedBytes
  }

  get sha256(): string {
    return this.#sha256.toString('hex')
  }

  /** Begins the upload, or goes on with it where the backend says that it stands. */
  async send(origin: string): Promise<Outcome> {
    const from = this.location === null ? await this.#create(origin) : await this.#head(origin)
    if (typeof from !== 'number') return from
    for (let offsetBytes = from; offsetBytes < this.file.length;) {
      const end = await this.#patch(origin, offsetBytes, Math.min(this.file.length, offsetBytes + this.#plan.sliceBytes))
      if (typeof end !== 'number') return end
      offsetBytes = end
    }
    return { kind: 'accepted' }
  }

  async #create(origin: string): Promise<number | Outcome> {
    const first = this.#plan.isCreatedWithBytes ? this.file.subarray(0, this.#plan.sliceBytes) : undefined
    const isWhole = first?.length === this.file.length
    const answer = await this.#ask(`${origin}/uploads`, {
      method: 'POST',
      headers: {
        ...(first === undefined ? tus : octets),
        ...(isWhole && this.#digest()),
        'upload-length': this.file.length,
        'upload-metadata': metadata({ filename: `${this.#plan.name}.mp4` }),
      },
      ...(first !== undefined && { body: first }),
    })
    if (answer?.status !== 201) return failed(answer)
    this.promises = { ...this.promises, location: answer.headers.location ?? null }
    return this.#offsetOf(answer.headers)
  }

  async #head(origin: string): Promise<number | Outcome> {
    const answer = await this.#ask(origin + this.location, { method: 'HEAD', headers: tus })
    return answer?.status === 200 ? this.#offsetOf(answer.headers) : failed(answer)
  }

  async #patch(origin: string, offsetBytes: number, endBytes: number): Promise<number | Outcome> {
    const isLast = endBytes === this.file.length
    const answer = await this.#ask(origin + this.location, {
      method: 'PATCH',
      headers: { ...octets, 'upload-offset': offsetBytes, prefer: 'upload-offset', ...(isLast && this.#digest()) },
      body: this.file.subarray(offsetBytes, endBytes),
      onInterim: (headers) => void this.#offsetOf(headers),
    })
    if (answer?.status !== 204) return failed(answer)
    const reached = this.#offsetOf(answer.headers)
    if (reached !== endBytes) throw new Error(`a success of ${offsetBytes} to ${endBytes} says ${reached}`)
    return reached
  }

  async #ask(url: string, asking: Asking): Promise<Answer | null> {
    const answer = await ask(url, { ...asking, headers: { ...this.#headers, ...asking.headers } })
    if (answer !== null) this.answers.push(answer.status)
    return answer
  }

  #digest() {
    return { 'repr-digest': `sha-256=:${this.#sha256.toString('base64')}:` }
  }

  /** @throws where the backend takes back what it has promised */
  #offsetOf(headers: IncomingHttpHeaders): number {
    const offsetBytes = Number(headers['upload-offset'] ?? 0)
    if (offsetBytes < this.acknowledgedBytes) {
      throw new Error(`${this.acknowledgedBytes} bytes were acknowledged, now ${offsetBytes}`)
    }
    this.promises = { ...this.promises, acknowledgedBytes: offsetBytes }
    return offsetBytes
  }
}

function failed(answer: Answer | null): Outcome {
  return answer === null ? { kind: 'broken' } : { kind: 'refused', status: answer.status, text: answer.text }
}
