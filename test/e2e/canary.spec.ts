import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Page, test } from '@playwright/test'
import { startBackendProcess } from '../support/backend-process'
import { startBrowserHost } from '../support/browser-host'
import { startFaultProxy } from '../support/fault-proxy'
import { temporaryFolder } from '../support/temporary-folder'
import { makeVideo } from '../support/videos'
import { addByKeys, watchPage } from './app'

/** What must never be seen anywhere, under the name that a failing test says. */
type Canaries = Map<string, string>

/** A text also as others write it: base64 as well as itself. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(secret).toString('hex'),
]

/** The names of those that are in a text. */
const foundIn = (text: string, canaries: Canaries): string[] =>
  [...canaries].filter(([, secret]) => formsOf(secret).some((form) => text.includes(form))).map(([name]) => name)

function* filesIn(folder: string): Generator<{ readonly name: string; readonly text: string }> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) yield { name, text: readFileSync(path, 'latin1') }
  }
}

/** Every value of every column of every table, in each form in which it could be sent as a token. */
function valuesIn(databasePath: string): Map<string, string> {
  using database = new DatabaseSync(databasePath, { readOnly: true })
  const values = new Map<string, string>()
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  for (const { name } of tables) {
    for (const row of database.prepare(`SELECT * FROM "${String(name)}"`).all()) {
      for (const [column, value] of Object.entries(row)) {
        const place = `${String(name)}.${column}`
        if (value instanceof Uint8Array) {
          const bytes = Buffer.from(value)
          for (const form of ['hex', 'base64url', 'base64', 'latin1'] as const) values.set(bytes.toString(form), place)
        } else if (typeof value === 'string') values.set(value, place)
      }
    }
  }
  return values
}

/** All strings of the page's JavaScript heap, after a collection. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.enable')
  // Twice: what only another heap's garbage held (the page's elements have one of their own) goes with the second.
  for (const _ of [1, 2]) await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return chunks.join('')
}

/** What the page holds outside of its heap. */
const holdingsOf = (page: Page): Promise<string> =>
  page.evaluate(async () =>
    JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      location.href,
      document.referrer,
      history.state,
      window.name,
      await indexedDB.databases(),
      await caches.keys(),
      document.documentElement.outerHTML,
      Array.from(document.querySelectorAll('input'), ({ value }) => value),
      // Of the navigation itself, Chromium keeps the address with its fragment, whose secret is spent by then.
      performance.getEntriesByType('resource').map(({ name }) => name),
    ]),
  )

test('no password and no token is anywhere but where it belongs, and no column is one', async ({ browser }) => {
  test.setTimeout(120_000)
  using folder = temporaryFolder()
  const backendLog = join(folder.path, 'backend.log')
  await using backend = await startBackendProcess(join(folder.path, 'backend'), [
    '--log-level',
    'debug',
    '--log-file',
    backendLog,
  ])
  await using line = await startFaultProxy(() => Number(new URL(backend.url).port))
  await using host = await startBrowserHost(join(folder.path, 'app'), { args: ['--server', line.origin] })
  const page = await browser.newPage()
  const problems = await watchPage(page)
  const addresses: string[] = []
  const consoleLines: string[] = []
  page.on('request', (request) => addresses.push(request.url()))
  page.on('console', (message) => consoleLines.push(message.text()))

  const canary = (name: string): string => `canary${name}${randomBytes(12).toString('hex')}`
  const username = canary('user')
  const canaries: Canaries = new Map([
    ['the password', canary('Password')],
    ['a password that was refused', canary('Wrong')],
    ['the next password', canary('Next')],
    ['the secret of the address', new URL(host.link).hash.slice('#token='.length)],
  ])
  const secret = (name: string): string => canaries.get(name) ?? ''

  // A whole run: an account, a refused sign-in and a right one, uploads small and in many parts, the library, playing.
  await page.goto(host.link)
  const nameField = page.getByRole('textbox', { name: 'User name' })
  const passwordField = page.getByLabel('Password', { exact: true })
  await nameField.fill(username)
  await passwordField.fill(secret('the password'))
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await nameField.fill(username)
  await passwordField.fill(secret('a password that was refused'))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('main').getByText('not right')).toBeVisible()
  await passwordField.fill(secret('the password'))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await addByKeys(page, [
    await makeVideo({ name: 'small.mp4', seconds: 2 }),
    await makeVideo({ name: 'larger.mp4', seconds: 60 }),
  ])
  await expect(page.getByRole('row').filter({ hasText: 'Uploaded' })).toHaveCount(2, { timeout: 60_000 })
  // What is copied for support says what happened, and where on this computer not even a folder.
  await page.getByRole('button', { name: /^Details for support: .*larger/ }).click()
  const details = (await page.locator('.support-text').textContent()) ?? ''
  await page.getByRole('button', { name: 'Copy details for support' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(page.getByText('small').first()).toBeVisible()

  // Every token that went over the line, and an API token made with the app's own session.
  const sessionToken = line.headers.map(({ authorization }) => authorization?.replace('Bearer ', '')).findLast(Boolean) ?? ''
  const ask = (path: string, body: object): Promise<Response> =>
    fetch(`${line.origin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sessionToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const made = await ask('/api/token/', { name: 'canary' })
  expect(made.status).toBe(201)
  const { token: apiToken } = (await made.json()) as { token: string }
  canaries.set('the API token', apiToken)
  for (const { authorization, 'x-temp-token': tempToken } of line.headers) {
    const given = authorization?.split(' ')[1]
    // The last part of a session's token is its signature: without it the rest is worth nothing.
    if (given !== undefined) canaries.set(`a session token ${canaries.size}`, given.split('.').at(-1) ?? given)
    if (typeof tempToken === 'string') canaries.set(`a temporary token ${canaries.size}`, tempToken)
  }
  const names = [...canaries.keys()].join()
  expect(names).toContain('a session token')
  expect(names).toContain('a temporary token')
  expect(details).toMatch(/file "larger.mp4"[^]* create 201 [^]* ended: done/)
  expect(foundIn(details, new Map([...canaries, ['a folder', folder.path]]))).toEqual([])
  // The page, while it is signed in. The user's name is there, so this looks in the right places.
  const holdings = await holdingsOf(page)
  expect(holdings).toContain(username)
  expect(foundIn(holdings, canaries)).toEqual([])
  const heap = await heapOf(page)
  expect(heap).toContain(username)
  expect(foundIn(heap, canaries)).toEqual([])

  // While each kind lives and works, no value of the database is one.
  const fresh = await ask('/temp-tokens', { operation: 'upload' })
  const { temp_token: tempToken } = (await fresh.json()) as { temp_token: string }
  canaries.set('a temporary token of our own', tempToken)
  const statusAs = async (credential: Record<string, string>): Promise<number> => {
    const isTemp = credential['x-temp-token'] !== undefined
    const answer = await fetch(`${backend.url}${isTemp ? '/uploads' : '/user/me'}`, {
      method: isTemp ? 'POST' : 'GET',
      headers: { ...credential, 'tus-resumable': '1.0.0' },
    })
    await answer.arrayBuffer()
    return answer.status
  }
  expect(await statusAs({ authorization: `Bearer ${sessionToken}` })).toBe(200)
  expect(await statusAs({ authorization: `Token ${apiToken}` })).toBe(200)
  expect(await statusAs({ 'x-temp-token': tempToken })).toBe(400)
  // Status reads may carry one in their address; what logs addresses must leave it out.
  for (const path of ['/uploads/unknown-upload', '/user/me', '/nowhere']) {
    await (await fetch(`${backend.url}${path}?temp_token=${tempToken}`)).arrayBuffer()
  }
  const values = valuesIn(join(folder.path, 'backend', 'reelport.sqlite'))
  expect([...values.keys()]).toContain(username)
  for (const [value, place] of values) {
    if (!/^[\x21-\x7e]+$/.test(value)) continue
    for (const authorization of [`Bearer ${value}`, `Token ${value}`, `Token rpt_${value}`]) {
      expect(await statusAs({ authorization }), `${place} as ${authorization.split(' ')[0]}`).toBe(401)
    }
    expect(await statusAs({ 'x-temp-token': value }), `${place} as a temporary token`).toBe(401)
  }

  // The password changes, and the page is loaded again.
  const passwords = { current: secret('the password'), new: secret('the next password') }
  expect((await ask('/auth/password', passwords)).status).toBe(204)
  await page.reload()
  await expect(page.getByRole('navigation')).toBeVisible()
  expect(foundIn(JSON.stringify([line.requests, addresses, consoleLines, page.url()]), canaries)).toEqual([])
  expect(foundIn(host.output(), canaries)).toEqual([])

  // On disk: all of both programs' files, their logs among them, as they are while both run and after that.
  const scan = (): void => {
    const seen = new Set<string>()
    for (const { name, text } of filesIn(folder.path)) {
      if (text.includes(username)) seen.add(name.split('.')[0] ?? '')
      expect(foundIn(text, canaries), name).toEqual([])
    }
    expect([...seen]).toContain('backend/reelport')
  }
  scan()
  await page.close()
  await host.stop()
  await backend.kill()
  scan()
  expect(readFileSync(backendLog, 'utf8')).toContain('listening')
  expect(problems).toEqual([])
})
