import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { failed } from '../../contract/desktop'
import type { Core } from '../core'
import { failureOf } from '../commands/dispatch'
import type { Log } from '../log'
import { type Door, refusalOf } from './allowed-request'
import type { PageFile } from '../page/page-files'
import { pageHeaders } from '../page/security-policy'
import { spoolFile } from './spool'
import type { SpoolTickets } from './spool-tickets'

const hostScript = '/browser-host.js'

/** The page with this host's script in front of its own, which finds `window.desktop` made. */
function withHostScript(html: Buffer): Buffer {
  return Buffer.from(html.toString('utf8').replace('<head>', `<head><script type="module" src="${hostScript}"></script>`))
}

/** The address part of a request, without its query; null where it is not one. */
function addressOf(request: IncomingMessage): string | null {
  try {
    return decodeURIComponent(new URL(request.url ?? '', 'http://local').pathname)
  } catch {
    // Not an address at all (a lone %): the caller answers 400.
    return null
  }
}

/** Serves the page, takes its files, and plays its videos, on loopback and to that page alone. */
export function createPageServer({
  core,
  files,
  tickets,
  door,
  spoolFolder,
  log,
}: {
  readonly core: Core
  readonly files: ReadonlyMap<string, PageFile>
  readonly tickets: SpoolTickets
  /** Known once the server listens. */
  readonly door: () => Door
  readonly spoolFolder: string
  readonly log: Log
}): Server {
  const index = files.get('/index.html')
  const page = index === undefined ? null : withHostScript(index.body)

  // The browser keeps none of it: another program may have this port, and with it this origin, another day.
  const headers = (): Readonly<Record<string, string>> =>
    pageHeaders(`${door().origin} ${door().origin.replace('http:', 'ws:')}`)
  const answer = (
    response: ServerResponse,
    status: number,
    more: Readonly<Record<string, string>> = {},
    body?: Buffer | string,
  ): void => {
    response.writeHead(status, { ...headers(), ...more })
    response.end(body)
  }

  const servePage = (address: string, response: ServerResponse): void => {
    if (address === '/' || address === '/index.html') {
      answer(
        response,
        page === null ? 500 : 200,
        { 'Content-Type': 'text/html; charset=utf-8' },
        page ?? 'The page was not built.',
      )
      return
    }
    const file = files.get(address)
    if (file === undefined) return answer(response, 404)
    answer(response, 200, { 'Content-Type': file.type }, file.body)
  }

  const serveMedia = async (address: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { range, 'if-range': ifRange } = request.headers
    const path = address.slice('/media/'.length)
    const media = await core.openMedia({
      path,
      method: request.method ?? 'GET',
      headers: { range, 'if-range': typeof ifRange === 'string' ? ifRange : undefined },
    })
    response.writeHead(media.status, { ...headers(), ...media.headers })
    if (media.body === null) return void response.end()
    const body = media.body
    response.on('close', () => body.destroy())
    body.on('error', () => response.destroy())
    body.pipe(response)
  }

  const takeFile = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const reply = await (async () => {
      try {
        const header = request.headers['x-file-name']
        const name = decodeURIComponent(typeof header === 'string' ? header : '')
        return await core.takeSpooledFile({ path: await spoolFile(request, spoolFolder), name })
      } catch (error) {
        if (request.destroyed && !request.complete) return failed({ code: 'backend-unreachable' })
        return failed(failureOf(error, log, 'spool'))
      }
    })()
    answer(response, 200, { 'Content-Type': 'application/json; charset=utf-8' }, JSON.stringify(reply))
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    const refusal = refusalOf(request, door(), { needsOrigin: !isReading })
    if (refusal !== null) return answer(response, refusal)
    const address = addressOf(request)
    if (address === null) return answer(response, 400)
    if (address === '/spool' && request.method === 'PUT') {
      const given = request.headers['x-spool-ticket']
      if (typeof given !== 'string' || !tickets.take(given)) return answer(response, 401)
      return takeFile(request, response)
    }
    if (!isReading) return answer(response, 405, { Allow: 'GET, HEAD' })
    if (address.startsWith('/media/')) return serveMedia(address, request, response)
    servePage(address, response)
  }

  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      failureOf(error, log, 'page-server')
      if (response.headersSent) response.destroy()
      else answer(response, 500)
    })
  })
  return server
}
