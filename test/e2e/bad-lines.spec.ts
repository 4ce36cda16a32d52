import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBackendProcess } from '../support/backend-process'
import { backendHost, type BadLine, type LineFault, startBadLine } from '../support/bad-line'
import { startBrowserHost } from '../support/browser-host'
import { temporaryFolder } from '../support/temporary-folder'
import { paddedVideo } from '../support/videos'
import { addByKeys, expect, register, test as base, watchPage } from './app'

const mebibyte = 1024 * 1024
/** Too large to come with its creation. */
const sizeBytes = 6 * mebibyte
const afterBytes = 2 * mebibyte

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

type Scene = { readonly line: BadLine; readonly storedDigests: () => string[] }

/** The built app in a browser, its backend elsewhere, and a line between them. */
const test = base.extend<{ scene: Scene }>({
  scene: async ({ page }, use) => {
    using folder = temporaryFolder()
    await using line = await startBadLine()
    const data = join(folder.path, 'backend')
    const place = ['--host', backendHost, '--port', String(line.port)]
    await using _backend = await startBackendProcess(data, place)
    await using host = await startBrowserHost(join(folder.path, 'desktop'), { args: ['--server', line.origin] })
    const problems = await watchPage(page)
    page.on('filechooser', () => undefined)
    await page.goto(host.link)
    await register(page, 'nok')
    const videos = join(data, 'videos')
    await use({ line, storedDigests: () => readdirSync(videos).map((name) => sha256(join(videos, name))) })
    expect(problems).toEqual([])
  },
})

const faults: readonly LineFault[] = [
  { kind: 'cut', afterBytes },
  { kind: 'stall', afterBytes, forMs: 2000 },
  { kind: 'half-close', afterBytes },
  // Given up after the half minute that a line may be silent.
  { kind: 'black-hole', afterBytes },
  { kind: 'corrupt', afterBytes },
  { kind: 'slow', afterBytes, bytesPerSecond: 2 * mebibyte },
  { kind: 'duplicate-answer', afterBytes },
]

/** Faults of lines are met by the engine alone in `test/main/transfers/` and in the simulation as well. */
const inLongRun: ReadonlySet<LineFault['kind']> = new Set(['black-hole', 'half-close', 'slow', 'duplicate-answer'])

for (const fault of faults) {
  const tag = inLongRun.has(fault.kind) ? ['@long'] : []
  test(`a line with a fault of its own costs no byte and needs nobody: ${fault.kind}`, { tag }, async ({ page, scene }) => {
    test.setTimeout(120_000)
    const name = `through-${fault.kind}.mp4`
    const path = await paddedVideo({ name, sizeBytes })
    const met = scene.line.meet(fault)
    await addByKeys(page, [path])
    await met
    await expect(page.getByRole('row', { name })).toContainText('Uploaded', { timeout: 90_000 })
    expect(scene.storedDigests()).toEqual([sha256(path)])
    await page.getByRole('link', { name: 'Quota' }).click()
    await expect(page.getByRole('meter', { name: 'Videos' })).toHaveAttribute('aria-valuetext', /^1 of 10 used/)
  })
}
