import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, isSameSecret, refusalOf } from '../../../main/browser/allowed-request'

let door: Door = { host: '', origin: '' }
const server = createServer((request, response) => {
  const needsOrigin = request.method !== 'GET'
  response.writeHead(refusalOf(request, door, { needsOrigin }) ?? 200).end()
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  door = { host: `127.0.0.1:${address.port}`, origin: `http://127.0.0.1:${address.port}` }
})
afterAll(() => server.close())

/** Sends raw lines, so that nothing tidies up what a hostile client would send. */
async function statusOf(lines: readonly string[]): Promise<number> {
  const socket = connect(Number(door.host.split(':')[1]), '127.0.0.1')
  socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return Number(text.split(' ')[1])
}

const port = (): string => door.host.split(':')[1] ?? ''

describe('the door of the browser host', () => {
  it.each([
    ['another name', () => ['Host: evil.example']],
    ['localhost', () => [`Host: localhost:${port()}`]],
    ['no port', () => ['Host: 127.0.0.1']],
    ['a trailing dot', () => [`Host: 127.0.0.1.:${port()}`]],
    ['a short form', () => [`Host: 127.1:${port()}`]],
    ['a hexadecimal form', () => [`Host: 0x7f.1:${port()}`]],
    ['a mapped form', () => [`Host: [::ffff:127.0.0.1]:${port()}`]],
    ['two hosts', () => [`Host: 127.0.0.1:${port()}`, 'Host: evil.example']],
    ['an empty host', () => ['Host:']],
  ])('refuses %s', async (_, headers) => {
    expect([400, 421]).toContain(await statusOf(['GET / HTTP/1.1', ...headers()]))
  })

  it('refuses an address that names a host', async () => {
    expect(await statusOf([`GET http://evil.example/ HTTP/1.1`, `Host: ${door.host}`])).toBe(400)
    expect(await statusOf(['GET //evil.example/ HTTP/1.1', `Host: ${door.host}`])).toBe(400)
  })

  it.each([
    ['null', () => ['Origin: null']],
    ['a stranger', () => ['Origin: https://evil.example']],
    ['a suffix trick', () => [`Origin: ${door.origin}.evil.example`]],
    ['another port', () => ['Origin: http://127.0.0.1:1']],
    ['two origins', () => [`Origin: ${door.origin}`, 'Origin: https://evil.example']],
    ['none at all', () => []],
    ['a cross-site fetch', () => [`Origin: ${door.origin}`, 'Sec-Fetch-Site: cross-site']],
    ['a same-site fetch', () => [`Origin: ${door.origin}`, 'Sec-Fetch-Site: same-site']],
  ])('refuses a change from origin %s', async (_, headers) => {
    expect(await statusOf(['PUT /spool HTTP/1.1', `Host: ${door.host}`, ...headers()])).toBe(403)
  })

  it('lets a window come from the file that opens the browser, and nothing else that is not its own', async () => {
    const from = (path: string, mode: string, dest: string): Promise<number> =>
      statusOf([
        `GET ${path} HTTP/1.1`,
        `Host: ${door.host}`,
        'Sec-Fetch-Site: cross-site',
        `Sec-Fetch-Mode: ${mode}`,
        `Sec-Fetch-Dest: ${dest}`,
      ])
    expect(await from('/', 'navigate', 'document')).toBe(200)
    expect(await from('/', 'navigate', 'iframe')).toBe(403)
    expect(await from('/', 'no-cors', 'script')).toBe(403)
    expect(await from('/assets/index.js', 'no-cors', 'script')).toBe(403)
    expect(await from('/media/ticket/content', 'navigate', 'document')).toBe(403)
  })

  it('lets its own page in', async () => {
    expect(await statusOf(['GET / HTTP/1.1', `Host: ${door.host}`, 'Sec-Fetch-Site: none'])).toBe(200)
    expect(
      await statusOf(['PUT /spool HTTP/1.1', `Host: ${door.host}`, `Origin: ${door.origin}`, 'Sec-Fetch-Site: same-origin']),
    ).toBe(200)
  })

  it('compares secrets whole', () => {
    expect(isSameSecret('abc', 'abc')).toBe(true)
    expect(isSameSecret('ab', 'abc')).toBe(false)
    expect(isSameSecret('', 'abc')).toBe(false)
  })
})
