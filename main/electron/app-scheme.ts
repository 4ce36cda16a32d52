import { Readable } from 'node:stream'
import { protocol, type Session } from 'electron'
import type { OpenMedia } from '../videos/media'
import type { PageFile } from '../page/page-files'
import { pageHeaders as pageHeadersFor } from '../page/security-policy'

export const appOrigin = 'app://reelport'
const mediaPrefix = '/media/'
const pageHeaders = pageHeadersFor("'self'")

/** Before the app is ready: makes `app:` a scheme of full standing, without any power over the page's policy. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/**
 * Serves the built page, and media by ticket; every other address of the scheme is 404.
 * @param connected the page is given out from then on: before, nobody would hear what it asks for
 */
export function serveAppScheme(
  session: Session,
  files: ReadonlyMap<string, PageFile>,
  openMedia: OpenMedia,
  connected: Promise<void>,
): void {
  session.protocol.handle('app', async (request) => {
    await connected
    const url = new URL(request.url)
    if (url.origin !== appOrigin && `${url.protocol}//${url.host}` !== appOrigin)
      return new Response(null, { status: 404, headers: pageHeaders })
    if (url.pathname.startsWith(mediaPrefix)) {
      const media = await openMedia({
        path: decodeURIComponent(url.pathname.slice(mediaPrefix.length)),
        method: request.method,
        headers: {
          range: request.headers.get('range') ?? undefined,
          'if-range': request.headers.get('if-range') ?? undefined,
        },
      })
      // Safe: Node's web stream is the one that Response takes; the two type libraries name it apart.
      const body = media.body === null ? null : (Readable.toWeb(media.body) as ReadableStream<Uint8Array>)
      return new Response(body, {
        status: media.status,
        headers: { ...pageHeaders, ...media.headers },
      })
    }
    const file = request.method === 'GET' ? files.get(url.pathname === '/' ? '/index.html' : url.pathname) : undefined
    if (file === undefined) return new Response(null, { status: 404, headers: pageHeaders })
    return new Response(new Uint8Array(file.body), { headers: { ...pageHeaders, 'Content-Type': file.type } })
  })
}
