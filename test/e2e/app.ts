import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type RunningHost, startBrowserHost } from '../support/browser-host'

export { expect }

export type TestApp = {
  readonly dataDir: string
  /** The host that runs now. */
  readonly host: () => RunningHost
  /** Starts the app again on the same data, and shows it in the page. */
  restart(): Promise<void>
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
    let host = await startBrowserHost(dataDir)
    await page.goto(host.link)
    await use({
      dataDir,
      host: () => host,
      restart: async () => {
        await host.stop()
        host = await startBrowserHost(dataDir)
        await page.goto('about:blank')
        await page.goto(host.link)
      },
    })
    await host.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
    expect(problems).toEqual([])
  },
})

export const password = 'a long enough password'

/** Makes the first account through the form; the window is then the signed-in one. */
export async function register(page: Page, username: string): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
}

export async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
}
