import { mkdirSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type Browser, expect, type Page, test as base } from '@playwright/test'
import type { SettingsPatch } from '../../contract/settings'
import { startBackendProcess, type BackendProcess } from '../support/backend-process'
import { type RunningHost, startBrowserHost } from '../support/browser-host'
import { temporaryFolder } from '../support/temporary-folder'
import { password, watchPage } from './app'

export type Desk = {
  readonly page: Page
  /** @param meanwhile done while the app is closed */
  restart(meanwhile?: () => Promise<void>): Promise<void>
}

/** Two computers of one person, "nok", at one server: each with its own app and window, both signed in. */
export type Desks = {
  readonly backend: BackendProcess
  readonly home: Desk
  readonly office: Desk
  /** Lets the last proofs of all sessions lie in the past, so that a sensitive act asks for the password. */
  ageProofs(): void
}

/** Fills in the sign-in form, or that of the first account: they share the names of their fields. */
export async function enter(page: Page, deviceName: string, username = 'nok'): Promise<void> {
  await page.locator('input[name="username"]').fill(username)
  await page.locator('input[type="password"]').fill(password)
  await page.locator('input[name="device-name"]').fill(deviceName)
  await page.locator('button[type="submit"]').click()
  await page.getByRole('navigation').first().waitFor()
}

export type DeskOptions = { readonly dataDir: string; readonly server: string; readonly settings: SettingsPatch }

export async function openDesk(browser: Browser, options: DeskOptions): Promise<Desk & AsyncDisposable> {
  const { dataDir, server, settings } = options
  mkdirSync(`${dataDir}/desktop`, { recursive: true })
  writeFileSync(`${dataDir}/desktop/settings.json`, JSON.stringify(settings))
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1180, height: 800 } })
  const page = await context.newPage()
  const problems = await watchPage(page)
  page.on('filechooser', () => undefined)
  const start = (): Promise<RunningHost> => startBrowserHost(dataDir, { args: ['--server', server] })
  let host = await start()
  await page.goto(host.link)
  return {
    page,
    restart: async (meanwhile) => {
      await page.goto('about:blank')
      await host.stop()
      await meanwhile?.()
      host = await start()
      await page.goto(host.link)
    },
    [Symbol.asyncDispose]: async () => {
      await context.close()
      await host.stop()
      expect(problems).toEqual([])
    },
  }
}

/** `settings` are those of both apps. */
export const test = base.extend<{ settings: SettingsPatch; desks: Desks }>({
  settings: [{}, { option: true }],
  desks: async ({ browser, settings }, use) => {
    using folder = temporaryFolder()
    await using backend = await startBackendProcess(`${folder.path}/backend`)
    const server = backend.url
    await using home = await openDesk(browser, { dataDir: `${folder.path}/home`, server, settings })
    await enter(home.page, 'Home-PC')
    await using office = await openDesk(browser, { dataDir: `${folder.path}/office`, server, settings })
    await enter(office.page, 'Edit-Mac')
    const ageProofs = (): void => {
      using database = new DatabaseSync(`${folder.path}/backend/reelport.sqlite`, { timeout: 5_000 })
      database.exec('UPDATE sessions SET proved_at = 0')
    }
    await use({ backend, home, office, ageProofs })
  },
})
