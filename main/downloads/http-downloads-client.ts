import { isForeignAnswer } from '../backend/line-fault'
import { parseProblem } from '../backend/problem-failure'
import { type HttpAnswer, parseJson, parseRetryAfter } from '../transfers/http-exchange'
import type { Clock } from '../transfers/ports'
import { TransportError } from '../transfers/uploads-client'
import type { ContentHead, DownloadsClient } from './downloads-client'
import { createContentExchange } from './content-exchange'

const idleTimeoutMs = 30_000

function readHead({ status, header }: Omit<HttpAnswer, 'body'>): ContentHead {
  const [, start, end, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header('content-range') ?? '') ?? []
  const length = header('content-length')
  return {
    status,
    etag: header('etag'),
    range: total === undefined ? null : { start: Number(start), end: Number(end), totalBytes: Number(total) },
    lengthBytes: length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null,
  }
}

/** The backend's videos over HTTP. A token goes out in one header to one origin, and nowhere else. */
export function createHttpDownloadsClient(origin: string, clock: Clock): DownloadsClient {
  const exchange = createContentExchange(origin)
  return {
    async content({ token, signal, videoId, isArchive, offsetBytes, etag, take }) {
      const range = offsetBytes === 0 ? {} : { range: `bytes=${offsetBytes}-`, 'if-range': etag }
      const answer = await exchange.call({
        method: 'GET',
        path: `/${isArchive ? 'backups' : 'videos'}/${videoId}/content`,
        // What a proxy on the way packs would be other bytes, at other places.
        headers: { 'x-temp-token': token, 'accept-encoding': 'identity', ...range },
        body: null,
        idleTimeoutMs,
        signal,
        takeBody: (answered) => (answered.status >= 200 && answered.status < 300 ? take(readHead(answered)) : 'document'),
      })
      const { status, header, body } = answer
      if (status < 200 || isForeignAnswer({ status, isOurs: true })) throw new TransportError('foreign', `HTTP-${status}`)
      return {
        ...readHead(answer),
        retryAfterMs: parseRetryAfter(header('retry-after'), clock.now()),
        problem: status < 400 ? null : parseProblem(parseJson(body)),
      }
    },
    [Symbol.dispose]: () => exchange[Symbol.dispose](),
  }
}
