import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import type { SettingsPatch } from '../../contract/settings'
import { type RunningHost, startBrowserHost } from '../support/browser-host'

export { expect }

export type TestApp = {
  readonly dataDir: string
  /** The host that runs now. */
  readonly host: () => RunningHost
  /** Ends the app as told, starts it again on the same data, and shows it in the page. */
  restart(signal?: NodeJS.Signals): Promise<void>
  /** Kills the embedded backend of the running app. */
  killBackend(): void
  /** Ends the app, lets a test change what is in its data folder, and starts it again. */
  changeDisk(change: () => void): Promise<void>
  /** Starts the app again with other choices of its settings. */
  changeSettings(patch: SettingsPatch): Promise<void>
}

/** The process that `parent` started for a program of ours (Linux). */
function childWith(parent: number, program: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      const parentOf = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
      if (parentOf === parent && commandLine.includes(program)) return Number(pid)
    } catch (error) {
      // It ended while we looked.
      if (!(error instanceof Error)) throw error
    }
  }
  throw new Error(`No ${program} under ${parent}`)
}

/** Policy violations and errors of the page: every test of every screen fails on one. */
export async function watchPage(page: Page): Promise<string[]> {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    const isPolicy = /Content Security Policy|Refused to|TrustedHTML|violat/i.test(message.text())
    if (isPolicy) problems.push(`policy: ${message.text()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`Content Security Policy violated: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  return problems
}

export const test = base.extend<{ app: TestApp }>({
  app: async ({ page }, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'reelport-e2e-'))
    const problems = await watchPage(page)
    // While somebody listens, no dialogue of the browser opens: one asked for in the same moment as the key would be missed.
    page.on('filechooser', () => undefined)
    let host = await startBrowserHost(dataDir)
    await page.goto(host.link)
    const restart = async (signal?: NodeJS.Signals, change: () => void = () => undefined): Promise<void> => {
      await page.goto('about:blank')
      await host.stop(signal)
      change()
      host = await startBrowserHost(dataDir)
      await page.goto(host.link)
    }
    await use({
      dataDir,
      host: () => host,
      restart: (signal) => restart(signal),
      killBackend: () => process.kill(childWith(host.pid, 'backend.js'), 'SIGKILL'),
      changeDisk: (change) => restart('SIGTERM', change),
      changeSettings: (patch) =>
        restart('SIGTERM', () => writeFileSync(join(dataDir, 'desktop', 'settings.json'), JSON.stringify(patch))),
    })
    await host.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
    expect(problems).toEqual([])
  },
})

export const password = 'a long enough password'

/** Adds files as a person without a mouse does: Ctrl+O, then the browser's dialogue. The window must be the signed-in one. */
export async function addByKeys(page: Page, paths: readonly string[]): Promise<void> {
  await page.getByRole('navigation').waitFor()
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Control+KeyO')
  await (await chooser).setFiles([...paths])
}

/** Makes the first account through the form; the window is then the signed-in one. */
export async function register(page: Page, username: string): Promise<void> {
  await page.getByRole('textbox', { name: 'User name' }).fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
}

export async function signIn(page: Page, username: string): Promise<void> {
  await page.getByRole('textbox', { name: 'User name' }).fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
}
