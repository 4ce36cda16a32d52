import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBackendProcess } from '../support/backend-process'
import { clientId, clientSecret, type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider'
import { browse } from '../support/provider-sign-in'
import { temporaryFolder } from '../support/temporary-folder'
import { makeVideo } from '../support/videos'
import { expect, register, watchPage } from './app'
import { isReal, test } from './electron-app'

test.describe(isReal ? 'real Electron' : 'the built Electron bundles, on the stand-in', () => {
  test('sign-in, a picked video, quota and library go through IPC', async ({ desktop: { page, chooseNext } }) => {
    const problems = await watchPage(page)
    await register(page, 'nok')
    chooseNext([await makeVideo({ name: 'through-ipc.mp4', seconds: 3 })])
    await page.getByRole('button', { name: 'Add videos' }).click()
    await expect(page.getByRole('row', { name: 'through-ipc.mp4' })).toContainText('Uploaded')
    await page.getByRole('link', { name: 'Quota' }).click()
    await expect(page.getByRole('meter', { name: 'Videos' })).toHaveAttribute('aria-valuetext', /^1 of 10 used/)
    await page.getByRole('link', { name: 'Library' }).click()
    await expect(page.getByText('through-ipc').first()).toBeVisible()
    expect(problems).toEqual([])
  })

  test('the computer is kept awake while bytes move, and no longer', async ({ desktop: { page, chooseNext, record } }) => {
    test.skip(isReal, 'real Electron does not tell what it asked of the system')
    await register(page, 'nok')
    chooseNext([await makeVideo({ name: 'awake.mp4', seconds: 3 })])
    await page.getByRole('button', { name: 'Add videos' }).click()
    await expect(page.getByRole('row', { name: 'awake.mp4' })).toContainText('Uploaded')
    await expect.poll(() => record().awake).toEqual(['prevent-app-suspension', 'released'])
  })

  test('the page has no Node, no token and no generic channel', async ({ desktop: { page } }) => {
    await register(page, 'nok')
    const seen = await page.evaluate(() => ({
      require: typeof (globalThis as Record<string, unknown>)['require'],
      process: typeof (globalThis as Record<string, unknown>)['process'],
      desktop: Object.keys((globalThis as unknown as { desktop: object }).desktop).sort(),
      isFrozen: Object.isFrozen((globalThis as unknown as { desktop: object }).desktop),
      storage: JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    }))
    expect(seen).toMatchObject({ require: 'undefined', process: 'undefined', isFrozen: true })
    expect(seen.desktop).toEqual(['commands', 'on', 'onConnection', 'onRefused', 'takeFiles'])
    expect(seen.storage).not.toMatch(/eyJ/)
  })

  test('the window is asked for isolated and sandboxed, and every page is guarded', async ({ desktop: { record } }) => {
    test.skip(isReal, 'read back from the window itself on real Electron, by the first test')
    const { windows, schemes, isSandboxEnabled, guards } = record()
    expect(isSandboxEnabled).toBe(true)
    expect(windows).toHaveLength(1)
    expect(windows[0]?.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    })
    expect(windows[0]?.webPreferences).not.toHaveProperty('enableBlinkFeatures')
    expect(guards).toEqual(['deny'])
    expect(schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
    ])
  })
})

/** The window on a backend that takes a provider. */
const withProvider = test.extend<{ provider: OpenIdProvider }>({
  // Playwright wants the first argument taken apart, even where a fixture needs none of the others.
  // oxlint-disable-next-line no-empty-pattern
  provider: async ({}, use) => {
    await using provider = await startOpenIdProvider()
    await use(provider)
  },
  moreArgs: async ({ provider: { issuer } }, use) => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'providers.json')
    const config = { id: 'test', name: 'Acme', issuer, clientId, clientSecret, allowPrivateNetwork: true }
    writeFileSync(file, JSON.stringify([config]), { mode: 0o600 })
    await using backend = await startBackendProcess(join(folder.path, 'backend'), ['--oidc', file])
    await use(['--server', backend.url])
  },
})

withProvider('a sign-in through a provider goes by the browser of the system', async ({ provider, desktop }) => {
  withProvider.skip(isReal, 'real Electron would open a browser that nobody sits at')
  const { page, record } = desktop
  provider.person = { sub: 'one', preferred_username: 'somchai' }
  await page.getByRole('button', { name: /Continue with.*Acme/ }).click()
  await expect.poll(() => record().openedLinks.length).toBe(1)
  // The window itself opened nothing, and names no address.
  await expect(page.getByRole('button', { name: 'Open the page again' })).toBeVisible()
  await browse(new URL(record().openedLinks[0] ?? ''), 'http://nobody.invalid')
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
})
