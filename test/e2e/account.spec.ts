import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { startBrowserHost } from '../support/browser-host'
import { expect, password, register, signIn, test } from './app'

const hasKeychain = process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined

test('the first account is made, signed out of, and signed in to again', async ({ page, app }) => {
  await expect(page.getByRole('heading', { name: 'Create the first account' })).toBeVisible()
  await register(page, 'nok')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('User name')).toBeVisible()
  await page.getByLabel('User name').fill('nok')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('main').getByText('not right')).toBeVisible()
  await signIn(page, 'nok')
  expect(app.host().output()).not.toContain(password)
})

test('a restarted app is still signed in, by the keychain, and the token is nowhere else', async ({ page, app }) => {
  test.skip(!hasKeychain, 'no keychain service here: install gnome-keyring and dbus')
  await register(page, 'nok')
  await app.restart()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()

  const tokens = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/
  for (const name of readdirSync(app.dataDir, { recursive: true, encoding: 'utf8' })) {
    const path = join(app.dataDir, name)
    // What is written by rename may be gone again.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true && !path.endsWith('.new'))
      expect(tokens.test(readFileSync(path, 'latin1')), name).toBe(false)
  }
  expect(app.host().output()).not.toMatch(tokens)
  const seenByPage = await page.evaluate(() =>
    JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      location.href,
      document.documentElement.outerHTML,
    ]),
  )
  expect(seenByPage).not.toMatch(tokens)
})

test('without a keychain the app says that it forgets the sign-in', async ({ page, app }) => {
  await page.getByRole('textbox', { name: 'User name' }).waitFor()
  await page.goto('about:blank')
  await app.host().stop()
  await using host = await startBrowserHost(app.dataDir, { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' } })
  await page.goto(host.link)
  await register(page, 'nok')
  await expect(page.getByRole('main').getByText('keychain')).toBeVisible()
})

test('a page without the secret gets nothing', async ({ page, app }) => {
  const { origin } = new URL(app.host().link)
  const stranger = await page.context().browser()?.newPage()
  if (stranger === undefined) throw new Error('no browser')
  await stranger.goto(`${origin}/`)
  await expect(stranger.getByLabel('User name')).toHaveCount(0)
  const statuses = await stranger.evaluate(async () => {
    const spool = await fetch('/spool', { method: 'PUT', body: 'x', headers: { 'X-Spool-Ticket': 'wrong' } })
    const media = await fetch('/media/unknown/content')
    return [spool.status, media.status]
  })
  expect(statuses).toEqual([401, 404])
  await stranger.close()
})
