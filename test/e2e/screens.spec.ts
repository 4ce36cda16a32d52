import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { SettingsPatch } from '../../contract/settings'
import { makeVideo } from '../support/videos'
import { expect, password, test } from './app'

type Look = SettingsPatch & { language: 'en' | 'ar' | 'th'; theme: 'light' | 'dark' }

/** Every language and both themes; the rest of their pairs in the long run. */
const looks: readonly { readonly look: Look; readonly tag?: string }[] = [
  { look: { language: 'en', theme: 'light' } },
  { look: { language: 'ar', theme: 'dark', digits: 'arab' } },
  { look: { language: 'th', theme: 'light' } },
  { look: { language: 'en', theme: 'dark' }, tag: '@long' },
  { look: { language: 'ar', theme: 'light' }, tag: '@long' },
  { look: { language: 'th', theme: 'dark' }, tag: '@long' },
]

/** WCAG 2.0 to 2.2, levels A and AA, of what is shown now; and nothing is cut off at the side. */
async function expectGood(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
  await expectWhole(page)
}

/** Nothing is cut off at the side, and beside the sections only the section scrolls: there is no emptiness below the frame. */
async function expectWhole(page: Page): Promise<void> {
  const excess = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    const isFrame = document.querySelector('.frame') !== null
    return { x: Math.max(0, scrollWidth - innerWidth), y: isFrame ? Math.max(0, scrollHeight - innerHeight) : 0 }
  })
  expect(excess).toEqual({ x: 0, y: 0 })
}

for (const { look, tag = [] } of looks) {
  test(`every screen is accessible and whole in ${look.language}, ${look.theme}`, { tag }, async ({ page, app }) => {
    // Each of a dozen views is measured whole.
    test.slow()
    const video = await makeVideo({ name: 'فيديو الرحلة.mp4', seconds: 3 })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await app.changeSettings(look)
    await expect(page.locator('html')).toHaveAttribute('dir', look.language === 'ar' ? 'rtl' : 'ltr')
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${look.language}`))
    await page.locator('input[name="username"]').waitFor()
    await expectGood(page)
    await page.locator('input[name="username"]').fill('nok')
    await page.locator('input[type="password"]').fill(password)
    await page.locator('button[type="submit"]').click()
    const links = page.locator('.sidebar').getByRole('link')
    await expect(links).toHaveCount(7)
    await expectGood(page)
    const chooser = page.waitForEvent('filechooser')
    await page.locator('main .button-primary').first().click()
    await (await chooser).setFiles(video)
    await expect(page.getByRole('row', { name: 'الرحلة' })).toBeVisible()
    await expectGood(page)
    for (const index of [1, 2, 3, 4, 5, 6]) {
      await links.nth(index).click()
      await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
      await expectGood(page)
    }
    const goTo = async (path: string): Promise<void> => {
      await page.evaluate((next) => (location.hash = next), path)
      await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
    }
    await goTo('/staff/users/nok')
    await page.locator('.line').first().waitFor()
    await expectGood(page)
    await goTo('/staff/audit')
    await expectGood(page)
    // Colours and names are those of the wide window.
    await page.setViewportSize({ width: 720, height: 800 })
    await expectWhole(page)
    await goTo('/staff/users/nok')
    await expectWhole(page)
    for (const index of [0, 1, 2, 3, 4, 5, 6]) {
      await links.nth(index).click()
      await expectWhole(page)
    }
    // A window of 1180 by 800 px at 200 % has 590 by 400 of them. With the colours of a high contrast, what is a bar stays one.
    await page.setViewportSize({ width: 590, height: 400 })
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' })
    for (const index of [1, 2, 3, 4, 5, 6, 0]) {
      await links.nth(index).click()
      await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
      await expectWhole(page)
    }
    const bar = page.getByRole('meter').first()
    const isSeen = await bar.evaluate((element) =>
      [element, ...element.querySelectorAll('*')].some((part) => {
        const { forcedColorAdjust, borderTopWidth } = getComputedStyle(part)
        return forcedColorAdjust === 'none' || borderTopWidth !== '0px'
      }),
    )
    expect(isSeen).toBe(true)
  })
}
