import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { BrowserPage } from '../../contract/desktop'

export type LoopbackAnswer =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'error'; readonly error: string }

export type LoopbackListener = {
  /** Where the browser is to come back to: this machine, a port that is free now. */
  readonly redirectUri: string
  /** The first answer with the right state; anything else that knocks is turned away and changes nothing. */
  readonly answer: Promise<LoopbackAnswer>
  /** Stops listening once the browser has been shown its page, and at the latest a little later. */
  close(): void
}

const style =
  ':root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1.5rem}'
const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': `default-src 'none'; frame-ancestors 'none'; base-uri 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  Connection: 'close',
}
const lastPageMs = 5_000

/**
 * Listens on 127.0.0.1 for the browser that comes back from a sign-in (RFC 8252, 7.3). The page that it then sees is at an
 * address without the code.
 */
export async function listenForAnswer({
  state,
  page,
}: {
  readonly state: string
  readonly page: BrowserPage
}): Promise<LoopbackListener> {
  const { promise: answer, resolve } = Promise.withResolvers<LoopbackAnswer>()
  let origin = ''
  let shown: LoopbackAnswer['kind'] | null = null

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET' || request.headers.host !== new URL(origin).host) return refuse(response)
    const url = URL.parse(request.url ?? '', origin)
    if (url?.pathname === '/done' && shown !== null) {
      response.writeHead(200, headers).end(pageOf(page, shown))
      return
    }
    const found = url?.pathname === '/sign-in' && shown === null ? readAnswer(url.searchParams, state) : null
    if (found === null) return refuse(response)
    shown = found.kind
    response.writeHead(302, { ...headers, Location: '/done' }).end()
    resolve(found)
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 }, serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The loopback listener has no port')
  origin = `http://127.0.0.1:${address.port}`
  return {
    redirectUri: `${origin}/sign-in`,
    answer,
    close: () => {
      const end = (): void => {
        server.close()
        server.closeAllConnections()
      }
      if (shown === null) return end()
      setTimeout(end, lastPageMs).unref()
    },
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, headers).end()
}

function readAnswer(query: URLSearchParams, state: string): LoopbackAnswer | null {
  const given = Buffer.from(query.get('state') ?? '')
  const wanted = Buffer.from(state)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  const code = query.get('code')
  const error = query.get('error')
  if (error !== null) return { kind: 'error', error }
  return code !== null && /^[A-Za-z0-9_-]{43}$/.test(code) ? { kind: 'code', code } : null
}

/** What the person sees in the browser, in the words that the app's page gave. */
function pageOf({ language, direction, done, failed }: BrowserPage, kind: LoopbackAnswer['kind']): string {
  const { title, text } = kind === 'code' ? done : failed
  return `<!doctype html><html lang="${language}" dir="${direction}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${style}</style><h1>${escape(title)}</h1><p>${escape(text)}</p></html>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
