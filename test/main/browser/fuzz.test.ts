import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { commands, type CommandName } from '../../../contract/desktop'
import { failureSchema } from '../../../contract/failures'
import { videoSortSchema } from '../../../contract/videos'
import { partLength } from '../../../contract/page-protocol'
import { startBrowserHost } from '../../support/browser-host'
import { type Greeting, greet, nextKeyOf } from '../../support/page-door'
import { temporaryFolder } from '../../support/temporary-folder'

/** A short run is part of every test run; `FUZZ_MESSAGES=100000` is the long one. */
const messageCount = Number(process.env['FUZZ_MESSAGES'] ?? 1_500)
const pageCount = 4
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_124)

const id = fc.stringMatching(/^[A-Za-z0-9_-]{8,12}$/)
const nasty = fc.constantFrom<unknown>(
  '../../etc/passwd',
  '\u0000',
  '\u202e',
  '\ud800',
  "'; DROP TABLE users; --",
  '__proto__',
  'x'.repeat(5_000),
  Number.MAX_SAFE_INTEGER,
  -1,
  0.1,
  null,
  true,
  [],
  {},
)
const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), nasty, fc.array(nasty), fc.dictionary(fc.string(), nasty))
const ids = fc.array(id, { minLength: 1, maxLength: 40 })
const choice = fc.constantFrom('pause', 'finish', 'discard')
/** Inputs that have the form that a command wants, so that they get as far as its handler. A command that is not here wants none. */
const rightInputs: { readonly [Name in CommandName]?: fc.Arbitrary<unknown> } = {
  'app:log-error': fc.record({ message: fc.string(), stack: fc.string() }),
  'sessions:begin-provider': fc.record({ provider: fc.string(), deviceName: fc.string({ minLength: 1 }) }),
  'sessions:look': id,
  'sessions:rename': fc.record({ id, name: fc.string() }),
  'sessions:end': fc.record({ id, uploads: choice }),
  'sessions:end-others': fc.record({ uploads: choice }),
  'sessions:history': fc.record({ cursor: fc.option(fc.string()) }),
  'sessions:dismiss-new-device': id,
  'tokens:create': fc.record({ name: fc.string(), expiresInDays: fc.integer({ min: -1, max: 400 }) }),
  'tokens:regenerate': id,
  'tokens:revoke': id,
  'uploads:pick': fc.record({ kind: fc.constantFrom('file', 'files', 'folder') }),
  'uploads:inspect': ids,
  'uploads:add': ids,
  'uploads:discard': ids,
  'transfers:pause': ids,
  'transfers:resume': ids,
  'transfers:retry': ids,
  'transfers:start-over': ids,
  'transfers:cancel': ids,
  'transfers:upload-next': id,
  'transfers:remove': ids,
  'transfers:find-file': fc.record({ id, handle: id }),
  'transfers:reveal': id,
  'videos:list': fc.record({
    cursor: fc.option(fc.string()),
    query: fc.string(),
    sort: fc.constantFrom(...videoSortSchema.options),
  }),
  'videos:delete': id,
  'videos:media-url': id,
  'settings:change': fc.record(
    {
      theme: fc.constantFrom('light', 'dark', 'system'),
      textSizePercent: fc.integer({ min: 50, max: 300 }),
      language: anything,
    },
    { requiredKeys: [] },
  ),
}
/** What would end the session is left to the other tests: signed out, most commands never reach their handlers. */
const left: readonly string[] = ['sessions:sign-out', 'sessions:sign-in', 'sessions:register', 'sessions:change-password']
// Safe: the keys of the map of all commands.
const names = (Object.keys(commands) as CommandName[]).filter((name) => !left.includes(name))
const rightRequest = fc.constantFrom(...names).chain((command) => {
  const input = rightInputs[command]
  return input === undefined ? fc.constant({ command }) : fc.record({ command: fc.constant(command), input })
})
const wrongName = fc.constantFrom('constructor', '__proto__', 'toString', 'app:nothing', '')
const wrongRequest = fc.record({
  command: fc.oneof({ weight: 9, arbitrary: fc.constantFrom<string>(...names) }, { weight: 1, arbitrary: wrongName }),
  input: anything,
})

type Message = { readonly request: object } | { readonly frame: string | Uint8Array }
const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 60, arbitrary: fc.record({ request: rightRequest }) },
  { weight: 30, arbitrary: fc.record({ request: wrongRequest }) },
  { weight: 4, arbitrary: fc.constant({ request: { ticket: 'spool' } }) },
  { weight: 6, arbitrary: fc.record({ frame: fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 })) }) },
)

/** The reply to one request, whatever events come between. */
function replyTo(socket: WebSocket, wanted: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const giveUp = (code: number): void => reject(new Error(`closed with ${code}`))
    const take = (data: Buffer): void => {
      const told = JSON.parse(data.toString('utf8')) as { id?: number; reply?: unknown }
      if (told.id !== wanted) return
      socket.off('message', take)
      socket.off('close', giveUp)
      resolve(told.reply)
    }
    socket.on('message', take)
    socket.on('close', giveUp)
  })
}

function send(socket: WebSocket, nextId: number, request: object): Promise<unknown> {
  const reply = replyTo(socket, nextId)
  const text = JSON.stringify({ id: nextId, ...request })
  if (text.length < partLength) socket.send(text)
  else {
    for (let at = 0; at < text.length; at += partLength) {
      socket.send(JSON.stringify({ part: text.slice(at, at + partLength), isLast: at + partLength >= text.length }))
    }
  }
  return reply
}

it(
  'a hostile page gets an answer to each request, closes its own socket with nonsense, and never harms the app',
  { timeout: 60_000 + messageCount * 20 },
  async () => {
    using folder = temporaryFolder()
    await using host = await startBrowserHost(folder.path)
    const { origin } = new URL(host.link)

    const openPage = async (link: string): Promise<{ page: Greeting; key: string }> => {
      const secret = new URL(link).hash.slice('#token='.length)
      const page = await greet(origin, secret)
      return { page, key: nextKeyOf(secret, page) }
    }
    const owner = await openPage(host.link)
    const account = { username: 'nok', password: 'a long enough password', deviceName: 'fuzz' }
    await expect
      .poll(() => send(owner.page.socket, 1, { command: 'sessions:register', input: account }), { timeout: 20_000 })
      .toMatchObject({ ok: true })

    const codes = new Map<string, number>()
    const surprises: string[] = []
    const count = (code: string): void => void codes.set(code, (codes.get(code) ?? 0) + 1)
    const play = async (turn: number): Promise<void> => {
      const opened = await openPage(await host.newLink())
      let { page } = opened
      const messages = fc.sample(message, { numRuns: Math.ceil(messageCount / pageCount), seed: seed + turn })
      for (const [nextId, each] of messages.entries()) {
        if ('request' in each) {
          const reply = (await send(page.socket, nextId, each.request)) as { ok: boolean; failure?: unknown }
          const code = reply.ok ? 'ok' : failureSchema.parse(reply.failure).code
          if (code === 'unexpected') surprises.push(JSON.stringify(each.request).slice(0, 500))
          count(code)
        } else {
          page.socket.send(each.frame)
          expect(await page.closed).toBe(1008)
          count('closed')
          page = await greet(origin, opened.key)
          expect(page.received[0]).toHaveProperty('welcome')
        }
      }
      page.socket.close()
      await once(page.socket, 'close')
    }
    await Promise.all(Array.from({ length: pageCount }, (_, turn) => play(turn)))

    console.log(`fuzz: ${[...codes].map(([code, times]) => `${code} ${times}`).join(', ')}`)
    // A bug of ours would be answered as `unexpected`, and logged as that.
    const log = readFileSync(join(folder.path, 'desktop', 'reelport.log'), 'utf8')
    if (surprises.length > 0)
      console.log(
        log
          .split('\n')
          .filter((line) => line.includes('"unexpected"'))
          .join('\n'),
      )
    expect(surprises).toEqual([])
    expect(codes.get('ok') ?? 0).toBeGreaterThan(messageCount / 20)
    expect(log).not.toMatch(/"event":"unexpected"|unhandled/i)
    expect(host.output()).not.toMatch(/unexpected|unhandled/i)
    expect(await send(owner.page.socket, 2, { command: 'app:snapshot' })).toMatchObject({
      ok: true,
      value: { session: { kind: 'signed-in' }, backend: { kind: 'ready' } },
    })
    expect(() => process.kill(host.pid, 0)).not.toThrow()
  },
)
