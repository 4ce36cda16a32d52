import http from 'node:http'
import https from 'node:https'
import type { VideoId } from '../../contract/ids'
import { AppError } from '../../contract/failures'
import type { Sessions } from '../sessions/sessions'
import type { MediaTickets } from './media-tickets'

export type MediaAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: http.IncomingMessage | null
}

const passedOn = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified', 'repr-digest']
const gone: MediaAnswer = { status: 404, headers: {}, body: null }

export type OpenMedia = (request: {
  /** What follows `/media/`: `<ticket>/content` or `<ticket>/thumbnail`. */
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
}) => Promise<MediaAnswer>

/** Reads a video or its picture from the backend for the page, ranges included; nothing is held in memory. */
export function createOpenMedia({
  tickets,
  sessions,
  origin,
}: {
  readonly tickets: MediaTickets
  readonly sessions: Sessions
  readonly origin: () => string | null
}): OpenMedia {
  const ask = (
    videoId: VideoId,
    part: string,
    method: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<MediaAnswer> =>
    new Promise((resolve, reject) => {
      const address = `${origin()}/videos/${encodeURIComponent(videoId)}/${part}`
      const request = (address.startsWith('https:') ? https : http).request(address, {
        method,
        headers,
        timeout: 30_000,
      })
      request.on('timeout', () => request.destroy(new Error('the backend did not answer')))
      request.on('error', reject)
      request.on('response', (body) => {
        const kept = Object.fromEntries(
          passedOn.flatMap((name) => {
            const value = body.headers[name]
            return typeof value === 'string' ? [[name, value]] : []
          }),
        )
        resolve({ status: body.statusCode ?? 502, headers: kept, body })
      })
      request.end()
    })

  return async ({ path, method, headers }) => {
    const [ticket = '', part = '', ...rest] = path.split('/')
    const videoId = tickets.open(ticket)
    if (videoId === null || rest.length > 0 || (part !== 'content' && part !== 'thumbnail')) return gone
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' }, body: null }
    if (origin() === null) return { status: 503, headers: { 'retry-after': '2' }, body: null }
    try {
      const { range, 'if-range': ifRange } = headers
      return await ask(videoId, part, method, {
        authorization: sessions.authorization(),
        ...(range === undefined ? {} : { range }),
        ...(ifRange === undefined ? {} : { 'if-range': ifRange }),
      })
    } catch (error) {
      if (error instanceof AppError) return gone
      return { status: 502, headers: {}, body: null }
    }
  }
}
