import AxeBuilder from '@axe-core/playwright'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import type { SettingsPatch } from '../../contract/settings'
import { makeVideo, paddedVideo } from '../support/videos'
import { addByKeys, expect, password, test, type TestApp } from './app'
import { test as desksTest } from './desks'

const looks: readonly (SettingsPatch & { language: 'en' | 'ar'; theme: 'light' | 'dark' })[] = [
  { language: 'en', theme: 'light' },
  { language: 'ar', theme: 'dark', digits: 'arab' },
]

/** The screens below them are measured in every language; these in the others have the long run. */
const tagOf = ({ language }: { readonly language: string }): string[] => (language === 'en' ? [] : ['@long'])

/** All that is shown, by WCAG 2.0 to 2.2, levels A and AA; and nothing is cut off at the side. */
async function expectGoodPage(page: Page): Promise<void> {
  // Half transparent while it comes in, its contrast would be measured wrong.
  await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0)
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
}

/** The same with this window open over the page; then Escape closes it. */
async function expectGoodOverlay(page: Page, overlay: Locator): Promise<void> {
  await expect(overlay).toBeVisible()
  await expectGoodPage(page)
  expect(await overlay.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  await page.keyboard.press('Escape')
  await expect(overlay).toBeHidden()
}

/** The signed-in window in one look. Without motion: what comes in is measured as it stays. */
async function begin(page: Page, app: TestApp, settings: SettingsPatch): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await app.changeSettings(settings)
  await page.locator('input[name="username"]').fill('nok')
  await page.locator('input[type="password"]').fill(password)
  await page.locator('button[type="submit"]').click()
  await page.getByRole('navigation').waitFor()
}

for (const look of looks) {
  test(
    `what opens over the queue is accessible in ${look.language}, ${look.theme}`,
    { tag: tagOf(look) },
    async ({ page, app }) => {
      // Each of what opens is measured whole.
      test.slow()
      const letter = join(app.dataDir, 'رسالة.mp4')
      writeFileSync(letter, 'Dear all, this is a letter and no video.\n'.repeat(200))
      const video = await paddedVideo({ name: 'large.mp4', sizeBytes: 40_000_000 })
      await begin(page, app, { ...look, uploadLimitBytesPerSecond: 4_000_000 })

      await page.keyboard.press('Shift+Slash')
      await expectGoodOverlay(page, page.getByRole('dialog'))

      // The list of actions finds each by its words, and does it by Enter.
      await page.keyboard.press('Control+KeyK')
      await expectGoodOverlay(page, page.getByRole('dialog'))
      for (const word of look.language === 'ar' ? ['الدليل', 'تفاصيل للدعم'] : ['guide', 'for support']) {
        await page.keyboard.press('Control+KeyK')
        await page.getByRole('dialog').getByRole('searchbox').fill(word)
        await expect(page.getByRole('menuitem')).toHaveCount(1)
        await page.keyboard.press('Enter')
        await expect(page.getByRole('dialog').locator('pre, img').first()).toBeVisible()
        await expectGoodOverlay(page, page.getByRole('dialog'))
      }

      await addByKeys(page, [await makeVideo({ name: 'رحلة.mp4', seconds: 3 }), letter])
      await expectGoodOverlay(page, page.getByRole('dialog'))

      await addByKeys(page, [video])
      const moving = page.locator('[data-kind=uploading]')
      // Beyond a twentieth of the file, cancelling asks first.
      await expect.poll(() => moving.getByRole('progressbar').getAttribute('aria-valuenow')).toMatch(/^([6-9]|\d\d)(\.|$)/)
      await moving.getByRole('button').last().click()
      await expectGoodOverlay(page, page.getByRole('alertdialog'))

      // Last but one in a row, whatever its state: what happened to it.
      await page.getByRole('row', { name: 'large.mp4' }).getByRole('button').nth(-2).click()
      await expect(page.locator('.support-text')).toBeVisible()
      await expectGoodOverlay(page, page.getByRole('dialog'))
    },
  )

  test(
    `what opens over the library is accessible in ${look.language}, ${look.theme}`,
    { tag: tagOf(look) },
    async ({ page, app }) => {
      await begin(page, app, look)
      await addByKeys(page, [await makeVideo({ name: 'رحلة.mp4', seconds: 3 })])
      await expect(page.locator('[data-kind=done]')).toHaveCount(1)
      await page.keyboard.press('Control+Digit2')
      const actions = page.getByRole('row', { name: 'رحلة' }).getByRole('button')
      await actions.nth(0).click()
      await expect(page.getByRole('dialog').locator('video')).toBeVisible()
      await expectGoodOverlay(page, page.getByRole('dialog'))
      await actions.nth(1).click()
      await expectGoodOverlay(page, page.getByRole('dialog'))
      await actions.nth(2).click()
      await expectGoodOverlay(page, page.getByRole('dialog'))
      await actions.nth(3).click()
      await expectGoodOverlay(page, page.getByRole('alertdialog'))
    },
  )
}

for (const look of looks) {
  desksTest.describe(`in ${look.language}, ${look.theme}`, () => {
    desksTest.use({ settings: look })
    desksTest('what opens over devices and settings is accessible', { tag: tagOf(look) }, async ({ desks }) => {
      desksTest.slow()
      const { page } = desks.home
      const notice = page.locator('.toast')
      await expect(notice).toContainText('Edit-Mac')
      await page.keyboard.press('Control+Digit4')
      const other = page.locator('li.device')
      await expect(other).toContainText('Edit-Mac')
      await notice.getByRole('button').last().click()
      await expect(notice).toBeHidden()
      await expect(page.getByRole('img')).toBeVisible()
      await expectGoodPage(page)
      await other.locator('.device-actions button').click()
      await expectGoodOverlay(page, page.getByRole('alertdialog'))
      await page.locator('.page-head button').click()
      await expectGoodOverlay(page, page.getByRole('alertdialog'))

      await page.keyboard.press('Control+Digit6')
      await page.locator('section[aria-labelledby=settings-account] button').click()
      await expectGoodOverlay(page, page.getByRole('dialog'))
      const tokens = page.locator('section[aria-labelledby=tokens-title]')
      await tokens.getByRole('button').first().click()
      await expectGoodOverlay(page, page.getByRole('dialog'))

      await tokens.getByRole('button').first().click()
      await page.locator('input[name=token-name]').fill('رفع ليلي')
      desks.ageProofs()
      await page.keyboard.press('Enter')
      const proof = page.getByRole('dialog').filter({ has: page.locator('input[name=current-password]') })
      await expectGoodOverlay(page, proof)
      await page.locator('input[name=token-name]').focus()
      await page.keyboard.press('Enter')
      await page.locator('input[name=current-password]').fill(password)
      await page.keyboard.press('Enter')
      const key = page.getByRole('alertdialog').filter({ has: page.locator('.key') })
      await expectGoodOverlay(page, key)
      const made = tokens.getByRole('listitem')
      await made.getByRole('button').first().click()
      await expectGoodOverlay(page, page.getByRole('alertdialog'))
      await made.getByRole('button').last().click()
      await expectGoodOverlay(page, page.getByRole('alertdialog'))

      await page.keyboard.press('Control+Digit4')
      await page.locator('.page-head button').click()
      await page.getByRole('alertdialog').locator('.button-danger').click()
      await expect(other).toHaveCount(0)
      await expect(page.locator('.ended-device')).toHaveCount(1)
      const ended = desks.office.page
      await expect(ended.locator('#bare-title')).toBeFocused()
      await expect(ended.getByRole('main')).toContainText('Home-PC')
      await expectGoodPage(ended)
    })
  })
}
