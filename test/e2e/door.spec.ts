import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'
import { WebSocketServer } from 'ws'
import { pageProtocol } from '../../contract/page-protocol'
import { startBrowserHost } from '../support/browser-host'
import { temporaryFolder } from '../support/temporary-folder'
import { expect, register, test } from './app'

const secretOf = (link: string): string => new URL(link).hash.slice('#token='.length)

async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('an address opens one window, which may load again; starting again opens another', async ({ page, app }) => {
  await register(page, 'nok')
  expect(page.url()).not.toContain(secretOf(app.host().link))
  const stored = await page.evaluate(() =>
    JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage), document.cookie]),
  )
  expect(stored).not.toContain(secretOf(app.host().link))
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()

  const second = await page.context().newPage()
  await second.goto(app.host().link)
  await expect(second.getByRole('main')).toContainText('This window is not connected any more')
  const link = await app.host().newLink()
  expect(new URL(link).origin).toBe(new URL(app.host().link).origin)
  expect(secretOf(link)).not.toBe(secretOf(app.host().link))
  await second.goto('about:blank')
  await second.goto(link)
  await expect(second.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
  // The window that has a key of its own keeps it, whatever address it is sent to.
  await second.goto('about:blank')
  await second.goto(`${new URL(link).origin}/#token=${'x'.repeat(43)}`)
  await expect(second.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
})

test('the secret is in no request, no log and no file', async ({ page, app }) => {
  const link = await app.host().newLink()
  const asked: string[] = []
  page.on('request', (request) => {
    void request.allHeaders().then((headers) => asked.push(`${request.url()} ${JSON.stringify(headers)}`))
  })
  page.on('websocket', (socket) => {
    asked.push(socket.url())
    socket.on('framesent', ({ payload }) => asked.push(String(payload)))
    socket.on('framereceived', ({ payload }) => asked.push(String(payload)))
  })
  await page.goto('about:blank')
  await page.goto(link)
  await register(page, 'nok')
  const key = await page.evaluate(() => sessionStorage.getItem('reelport.page-key') ?? '')
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(asked.length).toBeGreaterThan(5)
  for (const secret of [secretOf(link), key]) {
    for (const line of asked) expect(line).not.toContain(secret)
    expect(app.host().output()).not.toContain(secret)
    for (const name of readdirSync(app.dataDir, { recursive: true, encoding: 'utf8' })) {
      const path = join(app.dataDir, name)
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true && !path.endsWith('.new'))
        expect(readFileSync(path, 'latin1').includes(secret), name).toBe(false)
    }
  }
  expect(asked.filter((line) => /"referer":"[^"]/.test(line))).toEqual([])
  expect(asked.filter((line) => line.includes('"cookie"'))).toEqual([])
})

test('a page on another port can neither frame it, nor load it, nor talk to it', async ({ page, app }) => {
  const { origin, host } = new URL(app.host().link)
  await register(page, 'nok')
  const foreign = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end(`<!doctype html><iframe src="${origin}/"></iframe>`)
  })
  const port = await listen(foreign)
  const stranger = await page.context().newPage()
  await stranger.goto(`http://127.0.0.1:${port}/`)
  expect(await stranger.frames()[1]?.evaluate(() => location.href)).not.toContain(origin)
  const outcomes = await stranger.evaluate(
    async ({ address, socketAddress, protocol }) => {
      const element = (tag: 'script' | 'img', src: string) =>
        new Promise<string>((resolve) => {
          const made = document.createElement(tag)
          made.addEventListener('load', () => resolve('loaded'))
          made.addEventListener('error', () => resolve('refused'))
          made.src = src
          document.body.append(made)
        })
      const asked = (path: string, init: RequestInit) =>
        fetch(`${address}${path}`, init).then(
          ({ type, status }) => `${type} ${status}`,
          () => 'refused',
        )
      return {
        script: await element('script', `${address}/browser-host.js`),
        image: await element('img', `${address}/icon.svg`),
        read: await asked('/', {}),
        readBlind: await asked('/', { mode: 'no-cors' }),
        change: await asked('/spool', { method: 'PUT', body: 'x' }),
        changeBlind: await asked('/spool', { method: 'POST', mode: 'no-cors', body: 'x' }),
        socket: await new Promise((resolve) => {
          const socket = new WebSocket(socketAddress, [protocol])
          socket.addEventListener('open', () => resolve('opened'))
          socket.addEventListener('error', () => resolve('refused'))
        }),
      }
    },
    { address: origin, socketAddress: `ws://${host}/socket`, protocol: pageProtocol },
  )
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['refused']))
  await stranger.close()
  foreign.close()
})

test('a program that takes the port of a killed app learns nothing, and gets no command', async ({ page, app }) => {
  await register(page, 'nok')
  const key = await page.evaluate(() => sessionStorage.getItem('reelport.page-key') ?? '')
  await app.host().stop('SIGKILL')
  const heard: string[] = []
  const fake = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
    response.writeHead(200).end('{"ok":true,"value":"handle"}')
  })
  const sockets = new WebSocketServer({ server: fake, handleProtocols: () => pageProtocol })
  let greetings = 0
  sockets.on('connection', (socket, request) => {
    heard.push(JSON.stringify(request.headers))
    const turn = greetings++ % 4
    // One that answers as the host would, one that greets first, one that skips it all, one that is silent.
    if (turn === 0 || turn === 1) socket.send(JSON.stringify({ challenge: '0'.repeat(64) }))
    if (turn === 1) socket.send(JSON.stringify({ welcome: { proof: '0'.repeat(64) } }))
    if (turn === 2) socket.send(JSON.stringify({ event: 'videos:changed' }))
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      heard.push(text)
      const { hello } = JSON.parse(text) as { hello?: { proof: string } }
      // What came is the only proof that it has: it sends it back.
      socket.send(JSON.stringify({ welcome: { proof: hello?.proof ?? '0'.repeat(64) } }))
    })
  })
  await listen(fake, Number(new URL(app.host().link).port))
  await expect(page.getByRole('main').getByText('This window lost its connection')).toBeVisible({ timeout: 15_000 })
  await expect.poll(() => greetings, { timeout: 20_000 }).toBeGreaterThan(3)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('main').getByText('This window lost its connection')).toBeVisible()
  expect(heard.some((text) => text.includes('hello'))).toBe(true)
  for (const text of heard) {
    expect(text).not.toContain(key)
    expect(text).not.toContain(secretOf(app.host().link))
    expect(text).not.toContain('command')
    expect(text).not.toContain('ticket')
  }
  for (const client of sockets.clients) client.terminate()
  fake.closeAllConnections()
  fake.close()
  await app.restart()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

base('the browser is started without the secret in its command line', async () => {
  using folder = temporaryFolder()
  const told = join(folder.path, 'told')
  const bin = join(folder.path, 'xdg-open')
  writeFileSync(bin, `#!/bin/sh\nprintf '%s\\n' "$@" > ${told}.new\nmv ${told}.new ${told}\nsleep 60\n`)
  chmodSync(bin, 0o755)
  const env = { PATH: `${folder.path}:${process.env['PATH']}` }
  await using host = await startBrowserHost(join(folder.path, 'data'), { env, isOpening: true })
  await expect.poll(() => existsSync(told)).toBe(true)
  const secret = secretOf(host.link)
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const list of ['cmdline', 'environ']) {
      const path = join('/proc', pid, list)
      // Others' processes come and go meanwhile.
      if (existsSync(path)) expect(readIfThere(path).includes(secret), path).toBe(false)
    }
  }
  const file = fileURLToPath(readFileSync(told, 'utf8').trim())
  expect(readFileSync(file, 'utf8')).toContain(secret)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await host.stop()
  expect(existsSync(file)).toBe(false)
})

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    if (error instanceof Error) return ''
    throw error
  }
}

test('what the page loads later is the very bytes that it came with', async ({ page, app }) => {
  let asked = 0
  await page.route(/\/assets\/quota-screen-/, (route) => {
    asked += 1
    return route.fulfill({
      contentType: 'text/javascript',
      body: 'globalThis.taken = true; export const QuotaScreen = () => null',
    })
  })
  await page.goto('about:blank')
  await page.goto(await app.host().newLink())
  await register(page, 'nok')
  await page.getByRole('link', { name: 'Quota' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This part could not be shown' })).toBeVisible()
  expect(asked).toBeGreaterThan(0)
  expect(await page.evaluate(() => 'taken' in globalThis)).toBe(false)
  await page.unroute(/\/assets\/quota-screen-/)
  await page.getByRole('button', { name: 'Reload this part' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Quota' })).toBeVisible()
})
