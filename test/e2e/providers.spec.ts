import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Page, test } from '@playwright/test'
import { startBackendProcess } from '../support/backend-process'
import { startBrowserHost } from '../support/browser-host'
import { clientId, clientSecret, startOpenIdProvider } from '../support/openid-provider'
import { temporaryFolder } from '../support/temporary-folder'
import { watchPage } from './app'

/** An app on a backend of its own with a real provider, in a browser with a window for each of them. */
async function setUp(page: Page) {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder())
  const provider = stack.use(await startOpenIdProvider('/auth/oidc/acme/callback'))
  const config = [{ id: 'acme', name: 'Acme', issuer: provider.issuer, clientId, clientSecret, allowPrivateNetwork: true }]
  const file = join(folder.path, 'providers.json')
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  const backend = stack.use(await startBackendProcess(join(folder.path, 'backend'), ['--oidc', file]))
  const app = stack.use(await startBrowserHost(join(folder.path, 'app'), { args: ['--server', backend.url] }))
  const problems = await watchPage(page)
  await page.goto(app.link)
  return { folder: folder.path, provider, app, problems, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const throughAcme = (page: Page) => page.getByRole('button', { name: /Continue with.*Acme/ })

test('a person signs in through a provider in a window of the browser, and no secret stays behind', async ({ page }) => {
  await using world = await setUp(page)
  const opened = page.context().waitForEvent('page')
  await throughAcme(page).click()
  const window = await opened
  await expect(page.getByRole('main').getByText(/Waiting for.*Acme/)).toBeVisible()
  await window.getByRole('link', { name: 'Somchai' }).click()
  await expect(window.getByRole('heading', { name: 'Go back to Reelport' })).toBeVisible()
  expect(new URL(window.url()).search).toBe('')
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
  await expect(page.getByText('somchai').first()).toBeVisible()

  for (const name of readdirSync(world.folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(world.folder, name)
    if (name === 'providers.json' || path.endsWith('.new') || statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
      continue
    const text = readFileSync(path, 'latin1')
    expect(text.includes(clientSecret) || /[?&](code|state)=/.test(text), name).toBe(false)
  }
  expect(world.app.output()).not.toContain(clientSecret)
  expect(await page.content()).not.toContain(clientSecret)
  expect(world.problems).toEqual([])
})

test('the own backend of the app is configured by files, and a file that it cannot use is said to be it', async ({
  page,
}) => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'providers.json')
  const config = { id: 'acme', name: 'Acme', issuer: 'https://login.acme.example', clientId, clientSecret }
  writeFileSync(file, JSON.stringify([config]), { mode: 0o600 })
  {
    await using app = await startBrowserHost(join(folder.path, 'app'), { args: ['--oidc', file] })
    await page.goto(app.link)
    await expect(throughAcme(page)).toBeVisible()
  }
  writeFileSync(file, 'no JSON')
  await page.goto('about:blank')
  await using app = await startBrowserHost(join(folder.path, 'app'), { args: ['--oidc', file] })
  await page.goto(app.link)
  await expect(page.getByRole('region').getByText('One of its configuration files cannot be used.')).toBeVisible()
})

test('whoever says no at the provider is told in both windows, and can try again', async ({ page }) => {
  await using world = await setUp(page)
  const opened = page.context().waitForEvent('page')
  await throughAcme(page).click()
  const window = await opened
  await window.getByRole('link', { name: 'Refuse' }).click()
  await expect(window.getByRole('heading', { name: 'You are not signed in' })).toBeVisible()
  await expect(page.getByRole('alert').getByText('stopped on the page of the sign-in service')).toBeVisible()
  await window.close()

  const again = page.context().waitForEvent('page')
  await throughAcme(page).click()
  await (await again).getByRole('link', { name: 'Somchai' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
  expect(world.problems).toEqual([])
})

test('a provider that is down is said to be, and a sign-in can be given up', async ({ page }) => {
  await using world = await setUp(page)
  await throughAcme(page).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(throughAcme(page)).toBeVisible()
  await expect(page.locator('.notice[data-tone=danger]')).toHaveCount(0)

  world.provider.trouble = (path) => (path === '/token' ? 500 : null)
  world.provider.person = { sub: 'one', preferred_username: 'somchai' }
  await throughAcme(page).click()
  await expect(page.getByRole('alert').getByText('The sign-in service does not answer.')).toBeVisible()
  expect(world.problems).toEqual([])
})

test('an account without a password proves at its provider who it is, before a sensitive act', async ({ page }) => {
  await using world = await setUp(page)
  world.provider.person = { sub: 'one', preferred_username: 'somchai' }
  await throughAcme(page).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
  using database = new DatabaseSync(join(world.folder, 'backend', 'reelport.sqlite'))
  database.exec('UPDATE sessions SET proved_at = 0')

  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByText('This account has no password here')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Change the password' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Create a token' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly upload')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(dialog.getByText('Confirm it where you sign in')).toBeVisible()
  await expect(dialog.getByLabel('Password')).toHaveCount(0)
  await dialog.getByRole('button', { name: /Continue with.*Acme/ }).click()
  await expect(page.getByRole('alertdialog', { name: /The key of/ })).toBeVisible()
  expect(world.problems).toEqual([])
})
