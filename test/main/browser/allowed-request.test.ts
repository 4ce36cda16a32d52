import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningHost, startBrowserHost } from '../../support/browser-host'
import { rawStatus } from '../../support/page-door'
import { temporaryFolder } from '../../support/temporary-folder'

const folder = temporaryFolder()
let host: RunningHost
let port = 0

beforeAll(async () => {
  host = await startBrowserHost(folder.path)
  port = Number(new URL(host.link).port)
})
afterAll(async () => {
  await host.stop()
  folder[Symbol.dispose]()
})

const ours = (): string => `Host: 127.0.0.1:${port}`
const ourOrigin = (): string => `Origin: http://127.0.0.1:${port}`
const status = (...lines: readonly string[]): Promise<number> => rawStatus(port, [...lines, 'Connection: close'])

/** Everything that `security.md` 2.3, point 2, names, and its relatives. */
const wrongHosts: Readonly<Record<string, () => readonly string[]>> = {
  'another name': () => ['Host: evil.example'],
  'another name with our port': () => [`Host: evil.example:${port}`],
  localhost: () => [`Host: localhost:${port}`],
  'localhost without port': () => ['Host: localhost'],
  'no port': () => ['Host: 127.0.0.1'],
  'an empty port': () => ['Host: 127.0.0.1:'],
  'another port': () => [`Host: 127.0.0.1:${port + 1}`],
  'a padded port': () => [`Host: 127.0.0.1:0${port}`],
  'a trailing dot': () => [`Host: 127.0.0.1.:${port}`],
  'a trailing dot without port': () => ['Host: 127.0.0.1.'],
  'a short form': () => [`Host: 127.1:${port}`],
  'a short form without port': () => ['Host: 127.1'],
  'a hexadecimal form': () => [`Host: 0x7f.1:${port}`],
  'a decimal form': () => [`Host: 2130706433:${port}`],
  'an octal form': () => [`Host: 0177.0.0.1:${port}`],
  'a mapped form': () => [`Host: [::ffff:127.0.0.1]:${port}`],
  'another loopback': () => [`Host: 127.0.0.2:${port}`],
  'the address of no host': () => [`Host: 0.0.0.0:${port}`],
  'IPv6, where nobody listens': () => [`Host: [::1]:${port}`],
  'a user': () => [`Host: user@127.0.0.1:${port}`],
  'a suffix trick': () => [`Host: 127.0.0.1:${port}.evil.example`],
  'a rebound name': () => [`Host: 127.0.0.1.nip.io:${port}`],
  'two hosts, ours first': () => [ours(), 'Host: evil.example'],
  'two hosts, ours last': () => ['Host: evil.example', ours()],
  'ours twice': () => [ours(), ours()],
  'two in one': () => [`${ours()}, evil.example`],
  'an empty host': () => ['Host:'],
  'no host': () => [],
}

const origins: Readonly<Record<string, () => readonly string[]>> = {
  ours: () => [ourOrigin()],
  none: () => [],
  null: () => ['Origin: null'],
  empty: () => ['Origin:'],
  'a stranger': () => ['Origin: https://evil.example'],
  'a suffix trick': () => [`${ourOrigin()}.evil.example`],
  'a prefix trick': () => [`Origin: http://evil.example/127.0.0.1:${port}`],
  'a user trick': () => [`Origin: http://127.0.0.1:${port}@evil.example`],
  'a path': () => [`${ourOrigin()}/`],
  'no port': () => ['Origin: http://127.0.0.1'],
  'another port': () => ['Origin: http://127.0.0.1:1'],
  'https of ours': () => [`Origin: https://127.0.0.1:${port}`],
  localhost: () => [`Origin: http://localhost:${port}`],
  'capital letters': () => [`Origin: HTTP://127.0.0.1:${port}`],
  'two, ours first': () => [ourOrigin(), 'Origin: https://evil.example'],
  'two, ours last': () => ['Origin: https://evil.example', ourOrigin()],
  'ours twice': () => [ourOrigin(), ourOrigin()],
}

const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: reelport.v2',
]
const requests: Readonly<Record<string, readonly string[]>> = {
  page: ['GET / HTTP/1.1'],
  file: ['PUT /spool HTTP/1.1', 'Content-Length: 0'],
  socket: ['GET /socket HTTP/1.1', ...upgrade],
}

describe('the door of the browser host', () => {
  it('refuses every other host, with whatever origin, for page, file and socket', async () => {
    let refused = 0
    for (const [request, lines] of Object.entries(requests)) {
      for (const [hostName, hosts] of Object.entries(wrongHosts)) {
        for (const [originName, from] of Object.entries(origins)) {
          const answer = await rawStatus(port, [...lines, ...hosts(), ...from()])
          expect([400, 421], `${request}, host: ${hostName}, origin: ${originName}`).toContain(answer)
          refused += 1
        }
      }
    }
    expect(refused).toBeGreaterThan(1_400)
  })

  it('refuses every other origin of a file and of a socket, and of the page where one is said', async () => {
    for (const [request, lines] of Object.entries(requests)) {
      for (const [name, from] of Object.entries(origins)) {
        const answer = await rawStatus(port, [...lines, ours(), ...from()])
        const isAllowed = name === 'ours' || (name === 'none' && request === 'page')
        if (isAllowed) expect(answer, `${request}, origin: ${name}`).not.toBe(403)
        else expect([400, 403], `${request}, origin: ${name}`).toContain(answer)
      }
    }
  })

  it('refuses an address that names a host', async () => {
    for (const target of ['http://evil.example/', `http://127.0.0.1:${port}/`, '//evil.example/', '*']) {
      expect(await status(`GET ${target} HTTP/1.1`, ours()), target).toBe(400)
    }
    expect(await status('GET / HTTP/1.0')).toBe(421)
  })

  it.each(['cross-site', 'same-site', 'none', 'nonsense'])('refuses a change that says it is %s', async (site) => {
    const header = `Sec-Fetch-Site: ${site}`
    expect(await status('PUT /spool HTTP/1.1', ours(), ourOrigin(), header)).toBe(403)
    expect(await rawStatus(port, [...(requests['socket'] ?? []), ours(), ourOrigin(), header])).toBe(403)
    const twice = ['Sec-Fetch-Site: same-origin', header]
    expect(await status('PUT /spool HTTP/1.1', ours(), ourOrigin(), ...twice)).toBe(403)
  })

  it.each(['cross-site', 'none'])('lets a window come to the page alone, and nothing else, that is %s', async (site) => {
    const from = (path: string, mode: string, dest: string): Promise<number> =>
      status(`GET ${path} HTTP/1.1`, ours(), `Sec-Fetch-Site: ${site}`, `Sec-Fetch-Mode: ${mode}`, `Sec-Fetch-Dest: ${dest}`)
    expect(await from('/', 'navigate', 'document')).toBe(200)
    expect(await from('/', 'navigate', 'iframe')).toBe(403)
    expect(await from('/', 'no-cors', 'script')).toBe(403)
    expect(await from('/browser-host.js', 'no-cors', 'script')).toBe(403)
    expect(await from('/media/ticket/content', 'navigate', 'document')).toBe(403)
  })

  it('takes a file of its own page for a ticket only, and never sets a cookie', async () => {
    expect(await status('PUT /spool HTTP/1.1', ours(), ourOrigin(), 'Sec-Fetch-Site: same-origin')).toBe(401)
    for (const path of ['/', '/browser-host.js', '/nowhere', '/media/x']) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`)
      await answer.arrayBuffer()
      expect(answer.headers.getSetCookie(), path).toEqual([])
    }
  })

  it('has every header on every answer', async () => {
    for (const path of ['/', '/browser-host.js', '/nowhere', '/media/x', '/%']) {
      const { headers } = await fetch(`http://127.0.0.1:${port}${path}`)
      const policy = headers.get('content-security-policy')
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).toContain(`connect-src http://127.0.0.1:${port} ws://127.0.0.1:${port};`)
      expect(policy, path).toContain("frame-ancestors 'none'")
      expect(headers.get('cache-control'), path).toBe('no-store')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin')
    }
  })

  it('listens on loopback alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address)
    for (const address of ['127.0.0.2', ...others]) {
      await expect(rawStatus(port, ['GET / HTTP/1.1', ours()], address), address).rejects.toThrow('ECONNREFUSED')
    }
  })
})
