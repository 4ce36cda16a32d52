import type { Locator, Page } from '@playwright/test'
import { makeVideo, paddedVideo } from '../support/videos'
import { addByKeys, expect, password, test } from './app'
import { expectFocusIn, tabTo } from './keys'

// Nothing in this file touches the mouse: what a person does with keys, and where they are after each thing that closes.

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name })
const row = (page: Page, name: string): Locator => page.getByRole('row', { name })

test.beforeEach(async ({ page, app }) => {
  expect(page.url()).toContain(new URL(app.host().link).origin)
})

/** Makes the first account. The form begins in its first field; Enter sends it. */
async function registerByKeys(page: Page, username: string): Promise<void> {
  await expect(page.locator('input[name="username"]')).toBeFocused()
  await page.keyboard.type(username)
  await tabTo(page, page.locator('input[type="password"]'))
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').waitFor()
}

test('rows of the queue are walked, paused, resumed and cancelled', async ({ page, app }) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 2_000_000 })
  const paths = await Promise.all([
    paddedVideo({ name: 'slow.mp4', sizeBytes: 24_000_000 }),
    paddedVideo({ name: 'second.mp4', sizeBytes: 6_000_000 }),
    paddedVideo({ name: 'third.mp4', sizeBytes: 6_000_001 }),
  ])
  await registerByKeys(page, 'nok')
  await addByKeys(page, paths)
  const [slow, second, third] = [row(page, 'slow.mp4'), row(page, 'second.mp4'), row(page, 'third.mp4')]
  await expect(slow).toContainText('Uploading')

  await tabTo(page, slow)
  await page.keyboard.press('ArrowDown')
  await expect(second).toBeFocused()
  await page.keyboard.press('End')
  await expect(third).toBeFocused()
  await page.keyboard.press('Home')
  await expect(slow).toBeFocused()

  await page.keyboard.press('Space')
  await expect(slow).toContainText('Paused')
  await expect(slow).toBeFocused()
  await page.keyboard.press('Space')
  await expect(slow).not.toContainText('Paused')
  await expect(slow).toBeFocused()

  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(third).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(third).toContainText('Cancelled')
  await expect(page.getByRole('row').and(page.locator(':focus'))).toHaveCount(1)

  // What has come far asks first, and says no to Enter.
  await expect(
    slow
      .or(second)
      .filter({ hasText: /[3-9] MB of/ })
      .first(),
  ).toBeVisible()
  const question = page.getByRole('alertdialog')
  const moving = page.locator('[data-kind=uploading]')
  await tabTo(page, moving)
  await page.keyboard.press('Delete')
  await expect(question.getByRole('button', { name: 'Keep uploading' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(moving).toBeFocused()
  await page.keyboard.press('Delete')
  await tabTo(page, question.getByRole('button', { name: 'Cancel upload' }))
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(page.getByRole('row').filter({ hasText: 'Cancelled' })).toHaveCount(2)
  await expect(page.getByRole('row').and(page.locator(':focus'))).toHaveCount(1)
})

test('the focus stays near when the last row of a group leaves it, and when the queue is emptied', async ({ page, app }) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 2_000_000 })
  await registerByKeys(page, 'nok')
  await addByKeys(page, [await paddedVideo({ name: 'only.mp4', sizeBytes: 48_000_000 })])
  const only = row(page, 'only.mp4')
  // What is safe, not what is on its way: after the pause only that counts, and below 5 % nobody is asked.
  await expect(only).toContainText(/[3-9](\.\d)? MB of 48 MB is safe/, { timeout: 30_000 })
  // A button that becomes its opposite.
  await tabTo(page, only)
  await tabTo(page, only.getByRole('button', { name: /^Pause:/ }))
  await page.keyboard.press('Enter')
  await expect(only).toContainText('Paused')
  await expectFocusIn(only)
  await tabTo(page, only.getByRole('button', { name: /^Cancel upload:/ }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('alertdialog').getByRole('button', { name: 'Cancel upload' }))
  await page.keyboard.press('Enter')
  await expect(only).toContainText('Cancelled')
  await expect(only).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(only).toBeHidden()
  await expect(heading(page, 'Uploads')).toBeFocused()
})

test('the focus stays near when the last video is deleted and brought back', async ({ page }) => {
  await registerByKeys(page, 'nok')
  await addByKeys(page, [await makeVideo({ name: 'alone.mp4', seconds: 3 })])
  await expect(row(page, 'alone.mp4')).toContainText('Uploaded')
  await page.keyboard.press('Control+Digit2')
  const remove = row(page, 'alone.mp4').getByRole('button', { name: /^Delete video:/ })
  await tabTo(page, row(page, 'alone.mp4'))
  await tabTo(page, remove)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('alertdialog').getByRole('button', { name: 'Delete video' }))
  await page.keyboard.press('Enter')
  await expect(row(page, 'alone.mp4')).toBeHidden()
  await expect(heading(page, 'Library')).toBeFocused()
  await tabTo(page, page.getByRole('button', { name: 'Undo' }))
  await page.keyboard.press('Enter')
  await expect(row(page, 'alone.mp4')).toBeVisible()
  await expect(heading(page, 'Library')).toBeFocused()
})

test('what is typed in the sign-in form outlives a restart of the server', async ({ page, app }) => {
  await registerByKeys(page, 'nok')
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'User name' })).toBeFocused()
  await page.keyboard.type('nok')
  const secret = page.getByLabel('Password', { exact: true })
  await tabTo(page, secret)
  await page.keyboard.type(password.slice(0, 5))
  app.killBackend()
  await expect(page.getByTestId('polite')).toHaveText('The server is being restarted')
  await expect(page.getByRole('heading', { name: 'The server is being restarted' })).toBeVisible()
  await expect(secret).toBeFocused()
  await page.keyboard.type(password.slice(5))
  await expect(page.getByRole('heading', { name: 'The server is being restarted' })).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Uploads')).toBeVisible()
})

test('sections, the list of keys, and signing out', async ({ page }) => {
  await registerByKeys(page, 'nok')
  for (const [index, name] of ['Uploads', 'Library', 'Quota', 'Devices', 'Backups', 'Settings'].entries()) {
    await page.keyboard.press(`Control+Digit${index + 1}`)
    await expect(heading(page, name)).toBeVisible()
    if (index > 0) await expect(heading(page, name)).toBeFocused()
  }
  await page.keyboard.press('Control+Digit1')
  await expect(heading(page, 'Uploads')).toBeFocused()
  await page.keyboard.press('Control+Comma')
  await expect(heading(page, 'Settings')).toBeFocused()

  const quota = page.getByRole('link', { name: 'Quota' })
  await tabTo(page, quota)
  await page.keyboard.press('Shift+Slash')
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(list).toContainText('Pause or resume the row that has the focus')
  expect(await list.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  // What is behind it does not hear the keys.
  await page.keyboard.press('Control+Digit2')
  await expect(list).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(quota).toBeFocused()

  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Sign in')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'User name' })).toBeFocused()
})

test('a video is looked at, played, deleted, brought back and deleted for good', async ({ page }) => {
  const videos = await Promise.all(['by-keys.mp4', 'beside-it.mp4'].map((name) => makeVideo({ name, seconds: 3 })))
  await registerByKeys(page, 'nok')
  await addByKeys(page, videos)
  await expect(row(page, 'beside-it.mp4')).toContainText('Uploaded')
  const card = row(page, 'by-keys.mp4')
  // The newest is on top; Tab goes through the buttons of the row that the arrows reached.
  await tabTo(page, row(page, 'beside-it.mp4'))
  await page.keyboard.press('ArrowDown')
  await expect(card).toBeFocused()
  await tabTo(page, card.getByRole('button', { name: /^Show in library/ }))
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Library')).toBeVisible()
  await expect(card).toBeFocused()

  await page.keyboard.press('Enter')
  const player = page.locator('video')
  await expect.poll(() => player.evaluate((element: HTMLVideoElement) => element.readyState)).toBeGreaterThan(1)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(card).toBeFocused()

  await tabTo(page, card.getByRole('button', { name: /^Details/ }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Details' })).toContainText('SHA-256')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expectFocusIn(card)

  const remove = card.getByRole('button', { name: /^Delete video:/ })
  const question = page.getByRole('alertdialog', { name: 'Delete this video?' })
  await tabTo(page, remove)
  await page.keyboard.press('Enter')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await expectFocusIn(card)
  await tabTo(page, remove)
  await page.keyboard.press('Enter')
  await tabTo(page, question.getByRole('button', { name: 'Delete video' }))
  await page.keyboard.press('Enter')
  await expect(card).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await expectFocusIn(row(page, 'beside-it.mp4'))
  await tabTo(page, page.getByRole('button', { name: 'Undo' }))
  await page.keyboard.press('Enter')
  await expect(card).toBeVisible()
  await expectFocusIn(row(page, 'beside-it.mp4'))

  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Space')
  await expect(heading(page, 'Sign in')).toBeVisible()
})

test('in Arabic the arrow keys follow the eye: left is onwards', async ({ page, app }) => {
  await app.changeSettings({ language: 'ar', libraryView: 'table' })
  const videos = await Promise.all(['first.mp4', 'other.mp4'].map((name) => makeVideo({ name, seconds: 3 })))
  await registerByKeys(page, 'nok')
  await addByKeys(page, videos)
  for (const name of ['first.mp4', 'other.mp4']) await expect(row(page, name)).toContainText('رُفع')
  await page.keyboard.press('Control+Digit2')
  await expect(heading(page, 'المكتبة')).toBeFocused()

  const [upper, lower] = [row(page, 'mp4').nth(0), row(page, 'mp4').nth(1)]
  await tabTo(page, upper)
  // Right is backwards: from the row to the last button, then cell by cell towards the title, which is on the right.
  const buttons = upper.getByRole('button')
  const cells = upper.getByRole('gridcell')
  const shown = [3, 2, 1, 0].map((index) => buttons.nth(index))
  for (const stop of [...shown, cells.nth(3), cells.nth(2), cells.nth(1)]) {
    await page.keyboard.press('ArrowRight')
    await expect(stop).toBeFocused()
  }
  for (const stop of [cells.nth(2), cells.nth(3), buttons.nth(0), buttons.nth(1)]) {
    await page.keyboard.press('ArrowLeft')
    await expect(stop).toBeFocused()
  }
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(cells.nth(3)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(lower.getByRole('gridcell').nth(3)).toBeFocused()

  // The cards of the other view lie from right to left as well.
  const grid = page.getByRole('radio', { name: 'شبكة' })
  await tabTo(page, grid)
  await page.keyboard.press('Enter')
  await expect(grid).toBeChecked()
  await tabTo(page, upper)
  await page.keyboard.press('ArrowLeft')
  await expect(lower).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(upper).toBeFocused()

  // By the place of the key, whatever letter the layout gives it.
  await page.keyboard.press('Shift+Slash')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(upper).toBeFocused()
})
