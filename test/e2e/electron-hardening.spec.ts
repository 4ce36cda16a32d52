import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, register } from './app'
import { isReal, root, test } from './electron-app'

/** How often hostile input is sent: `npm run fuzz` sends 100,000. */
const fuzzCount = Number(process.env['FUZZ_COUNT'] ?? 300)

test.describe('the built Electron bundles, against a page that was taken over', () => {
  test.skip(isReal, 'these ask the stand-in what main was asked for')

  test('nothing runs, loads, navigates, opens or is granted but what is ours', async ({ desktop }) => {
    test.setTimeout(60_000 + fuzzCount * 20)
    const { page, record } = desktop
    await register(page, 'nok')

    await test.step('D25: code and addresses that are not ours are blocked, and reported', async () => {
      const blocked = await page.evaluate(async () => {
        const seen: string[] = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective))
        const isConnectReported = new Promise<void>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => {
            if (event.effectiveDirective === 'connect-src') resolve()
          })
        })
        const settle = (work: () => unknown): Promise<string> =>
          Promise.resolve()
            .then(work)
            .then(
              () => 'done',
              (error: unknown) => String(error),
            )
        // In a turn of its own: what a debugger runs may evaluate.
        const evaluated = await new Promise((resolve) => {
          // oxlint-disable-next-line no-eval -- that it is refused is what is tested
          setTimeout(() => void settle(() => (0, eval)('1')).then(resolve))
        })
        const markup = await settle(() => {
          document.body.innerHTML += ''
        })
        const script = document.createElement('script')
        script.append('globalThis.wasRun = true')
        document.head.append(script)
        const image = new Image()
        const imageFailed = new Promise((resolve) => image.addEventListener('error', resolve))
        image.src = 'https://evil.example/pixel.png'
        await imageFailed
        const fetched = await settle(() => fetch('https://evil.example/'))
        await isConnectReported
        return { seen, evaluated, markup, fetched, wasRun: 'wasRun' in globalThis }
      })
      expect(blocked).toMatchObject({
        evaluated: expect.stringMatching(/EvalError|TypeError/),
        markup: expect.stringMatching(/TrustedHTML/),
        fetched: expect.stringMatching(/TypeError/),
        wasRun: false,
      })
      expect(blocked.seen).toEqual(expect.arrayContaining(['require-trusted-types-for', 'img-src', 'connect-src']))
    })

    await test.step('D26: it stays where it is, and opens no window', async () => {
      const address = page.url()
      await page.evaluate(() => {
        window.open('https://evil.example/')
        const link = document.createElement('a')
        link.href = 'https://evil.example/link'
        link.target = '_blank'
        document.body.append(link)
        link.click()
        link.target = ''
        link.href = 'javascript:globalThis.wasRun = true'
        link.click()
        const refresh = document.createElement('meta')
        refresh.httpEquiv = 'refresh'
        refresh.content = '0; url=https://evil.example/meta'
        document.head.append(refresh)
      })
      await expect.poll(() => record().navigations.map(({ url }) => url)).toContainEqual('https://evil.example/meta')
      await page.evaluate(() => {
        location.href = 'https://evil.example/location'
      })
      await expect.poll(() => record().navigations.length).toBeGreaterThan(1)
      expect(record().navigations.filter(({ isPrevented }) => !isPrevented)).toEqual([])
      expect([page.url(), await page.evaluate(() => 'wasRun' in globalThis)]).toEqual([address, false])
      expect(record().openedWindows).toBe(0)
    })

    await test.step('D27: no permission is granted, nor said to be there', () => {
      const granted = Object.entries(record().permissions).filter(([, { isGranted, isThere }]) => isGranted || isThere)
      expect([Object.keys(record().permissions).length, granted]).toEqual([15, []])
    })

    await test.step('D28: a frame within the page is refused, and hostile input is answered in data', async () => {
      const answers = await page.evaluate(async (count) => {
        type Invoke = (call: { channel: string; args: unknown[] }) => Promise<{ value?: unknown; error?: string }>
        // Safe: the stand-in puts it into every frame.
        const own = (globalThis as unknown as { __standinInvoke: Invoke }).__standinInvoke
        const frame = document.createElement('iframe')
        // One with an address is not even loaded, by the policy.
        document.body.append(frame)
        const theirs = (frame.contentWindow as unknown as { __standinInvoke: Invoke }).__standinInvoke
        const fromFrame = await theirs({ channel: 'command:app:snapshot', args: [] })
        frame.remove()

        const names = Object.keys((globalThis as unknown as { desktop: { commands: object } }).desktop.commands)
        // Those end the very session that the others are asked in.
        const tried = names.filter((name) => !['sessions:sign-out', 'updates:install', 'backend:retry'].includes(name))
        let state = 7
        const random = (below: number): number => {
          state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
          return state % below
        }
        const leaves = [null, true, -1, 1e308, '', 'x'.repeat(70_000), '../../etc/passwd', '\u0000', '\u202e', [], {}]
        const value = (depth: number): unknown => {
          if (depth === 0 || random(3) === 0) return leaves[random(leaves.length)]
          if (random(2) === 0) return Array.from({ length: random(4) }, () => value(depth - 1))
          const keys = ['id', 'name', 'kind', 'until', 'body', 'username', '__proto__', 'constructor', 'language', 'path']
          return Object.fromEntries(
            Array.from({ length: random(5) }, () => [keys[random(keys.length)] ?? 'id', value(depth - 1)]),
          )
        }
        const odd: string[] = []
        for (let turn = 0; turn < count; turn += 1) {
          const name = tried[random(tried.length)] ?? ''
          const args = random(20) === 0 ? [value(3), value(1)] : [value(3)]
          const { value: reply, error } = await own({ channel: `command:${name}`, args })
          const isData = typeof reply === 'object' && reply !== null && 'ok' in reply
          const isBug = JSON.stringify(reply ?? null).includes('"unexpected"')
          if (error === undefined ? !isData || isBug : args.length === 1)
            odd.push(`${name} ${JSON.stringify(args).slice(0, 200)}`)
        }
        return { fromFrame, odd }
      }, fuzzCount)
      expect(answers.fromFrame).toEqual({ error: expect.stringContaining('Refused') })
      expect(answers.odd).toEqual([])
      expect(await page.evaluate(() => Object.keys(Object.prototype))).toEqual([])
    })
  })

  test('D30: an installed app does not start with a door into it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'reelport-hostile-'))
    const start = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<[unknown, string]> => {
      const standin = join(root, 'test', 'electron-standin', 'register.mjs')
      const program = join(root, 'out', 'main', 'electron.js')
      const child = spawn(process.execPath, ['--import', standin, program, '--data-dir', dataDir, ...args], {
        env: { ...process.env, STANDIN_IS_PACKAGED: '1', ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const [[code], complaint] = await Promise.all([once(child, 'exit'), text(child.stderr)])
      return [code, complaint]
    }
    expect(await start(['--remote-debugging-port=9222'], {})).toEqual([
      1,
      expect.stringContaining('--remote-debugging-port'),
    ])
    // What Node itself was told counts too: the stand-in is loaded by such a switch.
    expect(await start([], {})).toEqual([1, expect.stringContaining('--import')])
    rmSync(dataDir, { recursive: true, force: true })
  })
})
