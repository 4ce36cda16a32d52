import { expect, type Locator, type Page } from '@playwright/test'
import { paddedVideo } from '../support/videos'
import { addByKeys, password, register, signIn } from './app'
import { test } from './desks'

test.use({ settings: { uploadLimitBytesPerSecond: 1_000_000 } })

const goTo = async (page: Page, section: string): Promise<void> => {
  await page.getByRole('link', { name: section }).click()
  await expect(page.getByRole('heading', { level: 1, name: section })).toBeFocused()
}

const device = (page: Page, name: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })

/** A plain file in a queue that sends slowly, some way on. */
async function startSlowUpload(page: Page, sizeBytes = 24_000_000): Promise<Locator> {
  await addByKeys(page, [await paddedVideo({ name: 'long-way.mp4', sizeBytes })])
  const row = page.getByRole('row', { name: 'long-way.mp4' })
  await expect(row).toContainText(/[1-9](\.\d)? MB of \d+ MB/, { timeout: 30_000 })
  return row
}

async function signOutOffice(page: Page, choice: 'Pause' | 'Let finish' | 'Discard'): Promise<void> {
  await device(page, 'Edit-Mac')
    .getByRole('button', { name: /^Sign out/ })
    .click()
  const question = page.getByRole('alertdialog', { name: /^Sign out/ })
  await expect(question).toContainText(/\d+% through one upload/)
  await question.getByText(choice, { exact: true }).click()
  await question.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(device(page, 'Edit-Mac')).toBeHidden()
}

test('a device that uploads is signed out from another, says who, when and why, and goes on after signing in', async ({
  desks: { home, office },
}) => {
  await startSlowUpload(office.page)
  await goTo(home.page, 'Devices')
  await expect(device(home.page, 'Edit-Mac')).toContainText(/\d+% through one upload/)
  await signOutOffice(home.page, 'Pause')

  const ended = office.page.getByRole('heading', { level: 1, name: 'You are signed out' })
  await expect(ended).toBeFocused()
  const main = office.page.getByRole('main')
  await expect(main).toContainText(/You signed this device out from .*Home-PC.* on .*2\d/)
  await expect(main).toContainText('1 upload is paused and continues after you sign in.')
  await expect(office.page.getByTestId('assertive')).toContainText('You signed this device out')
  // No name of a file is in a window where nobody is signed in.
  expect(await office.page.content()).not.toContain('long-way')

  await office.page.reload()
  await expect(main).toContainText(/Home-PC/)
  await office.restart()
  await expect(main).toContainText(/You signed this device out from .*Home-PC/)
  await expect(main).toContainText('1 upload is paused and continues after you sign in.')

  await office.page.getByRole('button', { name: 'Sign in again' }).click()
  await expect(office.page.getByRole('textbox', { name: 'User name' })).toHaveValue('nok')
  await office.page.getByLabel('Password', { exact: true }).fill(password)
  await office.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(office.page.getByRole('row', { name: 'long-way.mp4' })).toContainText('Uploading')
  await expect(home.page.getByText(/^Signed out from .*Home-PC/)).toBeVisible()
})

test('what is on its way is let finish where that was chosen', async ({ desks: { home, office } }) => {
  await startSlowUpload(office.page, 12_000_000)
  await goTo(home.page, 'Devices')
  await signOutOffice(home.page, 'Let finish')
  const main = office.page.getByRole('main')
  await expect(main).toContainText('1 upload is still being finished; it needs no sign-in.')
  await goTo(home.page, 'Library')
  await expect(home.page.getByText('long-way').first()).toBeVisible({ timeout: 60_000 })
  await expect(main).toContainText('Your videos are safe on the server.')
})

test('another person who signs in at the same app never sees the queue', async ({ desks: { home, office } }) => {
  await startSlowUpload(office.page)
  await goTo(home.page, 'Devices')
  await signOutOffice(home.page, 'Pause')
  await office.page.getByRole('button', { name: 'Sign in again' }).click()
  await office.page.getByRole('button', { name: 'Create an account instead' }).click()
  await register(office.page, 'other')
  await expect(office.page.getByText('Drop videos here')).toBeVisible()
  expect(await office.page.content()).not.toContain('long-way')
  await office.page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(office.page, 'nok')
  await expect(office.page.getByRole('row', { name: 'long-way.mp4' })).toContainText('Uploading')
})

test('a new device is told of at once, and is signed out from its notice', async ({ desks: { home, office } }) => {
  const notice = home.page.getByRole('alertdialog', { name: /New sign-in/ })
  await expect(notice).toContainText('Edit-Mac')
  await home.restart()
  await expect(notice).toContainText('Edit-Mac')
  await notice.getByRole('button', { name: 'Not you? Sign it out' }).click()
  await home.page
    .getByRole('alertdialog', { name: /Sign out/ })
    .getByRole('button', { name: 'Sign out' })
    .click()
  await expect(office.page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
  await expect(home.page.getByText('somebody knows your password')).toBeVisible()
})

test('a device is renamed, and both windows say so', { tag: '@long' }, async ({ desks: { home, office } }) => {
  await goTo(home.page, 'Devices')
  await goTo(office.page, 'Devices')
  await device(home.page, 'Edit-Mac')
    .getByRole('button', { name: /^Rename/ })
    .click()
  await home.page.getByRole('textbox', { name: 'Name of the device' }).fill('Cutting room')
  await home.page.keyboard.press('Enter')
  await expect(device(home.page, 'Cutting room')).toBeVisible()
  await expect(office.page.getByRole('region', { name: 'This device' })).toContainText('Cutting room')
})

test('a changed password signs out the other device, which says why', async ({ desks: { home, office } }) => {
  await goTo(home.page, 'Settings')
  await home.page.getByRole('button', { name: 'Change the password' }).click()
  const dialog = home.page.getByRole('dialog')
  await dialog.getByLabel('Current password').fill('not the password')
  await dialog.getByLabel('New password').fill('a newer long password')
  await dialog.getByRole('button', { name: 'Change the password' }).click()
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Current password').fill(password)
  await dialog.getByRole('button', { name: 'Change the password' }).click()
  await expect(dialog).toBeHidden()
  await expect(office.page.getByRole('main')).toContainText(
    /The password was changed on .*Home-PC.*Sign in with the new one/,
  )
})

test('a key for scripts is shown once, works, and is revoked', async ({ desks: { backend, home } }) => {
  const { page } = home
  await goTo(page, 'Settings')
  await page.getByRole('button', { name: 'Create a token' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly upload')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const shown = page.getByRole('alertdialog', { name: /The key of/ })
  const key = await shown.getByRole('textbox', { name: 'Key' }).inputValue()
  const status = async (key: string): Promise<number> =>
    (await fetch(`${backend.url}/user/me`, { headers: { authorization: `Token ${key}` } })).status
  expect(await status(key)).toBe(200)
  await shown.getByRole('button', { name: 'I have copied it' }).click()
  const item = device(page, 'Nightly upload')
  await expect(item).toContainText('Begins with')
  expect(await page.content()).not.toContain(key)

  await item.getByRole('button', { name: /^New key/ }).click()
  await page
    .getByRole('alertdialog', { name: /^Make a new key/ })
    .getByRole('button', { name: 'Make a new key' })
    .click()
  const newKey = await shown.getByRole('textbox', { name: 'Key' }).inputValue()
  expect([await status(key), await status(newKey)]).toEqual([401, 200])
  await shown.getByRole('button', { name: 'I have copied it' }).click()

  await item.getByRole('button', { name: /^Revoke/ }).click()
  await page
    .getByRole('alertdialog', { name: /^Revoke/ })
    .getByRole('button', { name: 'Revoke' })
    .click()
  await expect(item).toBeHidden()
  expect(await status(newKey)).toBe(401)
})

test('a sensitive act asks for the password where the last proof is old, and then goes on', async ({ desks }) => {
  const { page } = desks.home
  await goTo(page, 'Devices')
  desks.ageProofs()
  const signOut = async (): Promise<void> => {
    await device(page, 'Edit-Mac')
      .getByRole('button', { name: /^Sign out/ })
      .click()
    const question = page.getByRole('alertdialog', { name: /^Sign out/ })
    await question.getByRole('button', { name: 'Sign out', exact: true }).click()
  }
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await signOut()
  await expect(proof.getByLabel('Current password')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByText('It was not confirmed that it is you.')).toBeVisible()
  await expect(device(page, 'Edit-Mac')).toBeVisible()

  await signOut()
  await proof.getByLabel('Current password').fill('not the password')
  await page.keyboard.press('Enter')
  await expect(proof.getByText('This is not your password.')).toBeVisible()
  await proof.getByLabel('Current password').fill(password)
  await page.keyboard.press('Enter')
  await expect(device(page, 'Edit-Mac')).toBeHidden()
  await expect(desks.office.page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
})

test(
  'what was sent is discarded where that was chosen, and never begun anew',
  { tag: '@long' },
  async ({ desks: { home, office } }) => {
    await startSlowUpload(office.page)
    await goTo(home.page, 'Quota')
    await expect(home.page.getByText('1 reserved by the queue').first()).toBeVisible()
    await goTo(home.page, 'Devices')
    await signOutOffice(home.page, 'Discard')
    await goTo(home.page, 'Quota')
    await expect(home.page.getByText('reserved by the queue')).toHaveCount(0)
    const main = office.page.getByRole('main')
    await expect(main).toContainText('What this device was sending was thrown away')
    await expect(main).not.toContainText('paused')
    await office.restart()
    await expect(main).toContainText('What this device was sending was thrown away')
    await office.page.getByRole('button', { name: 'Sign in again' }).click()
    await signIn(office.page, 'nok')
    await expect(office.page.getByRole('row', { name: 'long-way.mp4' })).toContainText('Cancelled')
    await expect(home.page.getByText('reserved by the queue')).toHaveCount(0)
  },
)
