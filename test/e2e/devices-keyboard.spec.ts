import { expect } from '@playwright/test'
import { password } from './app'
import { test } from './desks'
import { expectFocusIn, tabTo } from './keys'

// Nothing in this file touches the mouse.

test('devices are walked, renamed and signed out by keys alone', async ({ desks: { home, office } }) => {
  const { page } = home
  const title = page.getByRole('heading', { level: 1, name: 'Devices' })
  // A notice that waits in the corner keeps no key to itself.
  await expect(page.getByRole('alertdialog', { name: /New sign-in/ })).toBeVisible()
  await page.keyboard.press('Control+Digit4')
  await expect(title).toBeFocused()
  const item = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3 }) })
  const edit = item.getByRole('button', { name: /^Rename/ })
  const field = page.getByRole('textbox', { name: 'Name of the device' })

  await tabTo(page, edit)
  await page.keyboard.press('Enter')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(edit).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+KeyA')
  await page.keyboard.type('Cutting room')
  await page.keyboard.press('Enter')
  await expect(item).toContainText('Cutting room')
  await expect(edit).toBeFocused()
  await expect(page.getByTestId('polite')).toContainText('Cutting room')

  const open = item.getByRole('button', { name: /^Sign out/ })
  const question = page.getByRole('alertdialog', { name: /^Sign out/ })
  await tabTo(page, open)
  await page.keyboard.press('Enter')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(open).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, question.getByRole('button', { name: 'Sign out', exact: true }))
  await page.keyboard.press('Enter')
  await expect(item).toHaveCount(0)
  await expect(title).toBeFocused()
  await expect(page.getByTestId('polite')).toContainText('is signed out')

  // The window that was signed out begins at its heading, and leads back in.
  const ended = office.page.getByRole('heading', { level: 1, name: 'You are signed out' })
  await expect(ended).toBeFocused()
  await tabTo(office.page, office.page.getByRole('button', { name: 'Sign in again' }))
  await office.page.keyboard.press('Enter')
  await expect(office.page.getByLabel('Password', { exact: true })).toBeFocused()
  await office.page.keyboard.type(password)
  await office.page.keyboard.press('Enter')
  await office.page.getByRole('navigation').waitFor()
})

test('the table of the statistics, a key for scripts and the password are reached by keys alone', async ({ desks }) => {
  const { page } = desks.home
  await page.getByRole('navigation').waitFor()
  await page.keyboard.press('Control+Digit4')
  const table = page.getByRole('button', { name: 'Show as a table' })
  await tabTo(page, table)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('row')).toHaveCount(27)
  await expect(page.getByRole('button', { name: 'Hide the table' })).toBeFocused()

  await page.keyboard.press('Control+Digit6')
  const create = page.getByRole('button', { name: 'Create a token' })
  await tabTo(page, create)
  await page.keyboard.press('Enter')
  const name = page.getByRole('textbox', { name: 'Name' })
  await expect(name).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Fill this in.')).toBeVisible()
  await expect(name).toBeFocused()
  await page.keyboard.type('Nightly upload')
  await page.keyboard.press('Enter')
  const key = page.getByRole('alertdialog', { name: /^The key of/ })
  await expect(key.getByRole('button', { name: 'Copy the key' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('polite')).toHaveText('The key is copied')
  await page.keyboard.press('Escape')
  await expect(key).toBeHidden()
  await expectFocusIn(page.getByRole('main'))

  const change = page.getByRole('button', { name: 'Change the password' })
  await tabTo(page, change)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Current password')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(change).toBeFocused()
})
