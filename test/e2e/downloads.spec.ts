import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { makeVideo, paddedVideo } from '../support/videos'
import { addByKeys, expect, register, test, type TestApp } from './app'

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const downloads = ({ dataDir }: TestApp): string => join(dataDir, 'Downloads')
const entry = (page: Page, name: string) => page.locator('.video-card, .video-row').filter({ hasText: name })
const row = (page: Page, name: string) => page.getByRole('row', { name })

/** A library with these, by keys; the screen is the library. */
async function fill(page: Page, paths: readonly string[]): Promise<void> {
  await register(page, 'nok')
  await addByKeys(page, paths)
  for (const path of paths) {
    await expect(row(page, path.split('/').at(-1) ?? '')).toContainText('Uploaded', { timeout: 30_000 })
  }
  await page.getByRole('button', { name: 'Clear finished' }).click()
  await page.getByRole('link', { name: 'Library' }).click()
}

async function confirm(page: Page, choice?: 'Keep both' | 'Replace it'): Promise<void> {
  const dialog = page.getByRole('dialog')
  if (choice !== undefined) await dialog.getByText(choice).click()
  await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  await expect(dialog).toBeHidden()
}

test('one video is downloaded to the folder that the page names, byte for byte', async ({ page, app }) => {
  const path = await makeVideo({ name: 'holiday.mp4', seconds: 12 })
  await fill(page, [path])
  await page.getByRole('button', { name: /^Download.*holiday/ }).click()
  await expect(page.getByRole('dialog')).toContainText(downloads(app))
  await confirm(page)
  await page.getByRole('button', { name: 'Show downloads' }).click()
  await expect(row(page, 'holiday.mp4')).toContainText('Downloaded')
  await expect(row(page, 'holiday.mp4')).toHaveAccessibleName(/Downloaded/)
  expect(sha256(join(downloads(app), 'holiday.mp4'))).toBe(sha256(path))
  expect(readdirSync(downloads(app))).toEqual(['holiday.mp4'])
})

test('what is ticked is downloaded, and what is there already is skipped, kept beside or replaced', async ({
  page,
  app,
}) => {
  const paths = [
    await makeVideo({ name: 'one.mp4', seconds: 2 }),
    await makeVideo({ name: 'two.mp4', seconds: 3 }),
    await makeVideo({ name: 'สาม.mp4', seconds: 1 }),
  ]
  await fill(page, paths)
  const [one, two] = paths.map(sha256)
  const stored = (name: string): string => sha256(join(downloads(app), name))
  for (const name of ['one.mp4', 'two.mp4']) await entry(page, name).locator('.select-box').click()
  await expect(page.getByText('2 videos selected')).toBeVisible()
  await page.getByRole('button', { name: 'Download selected' }).click()
  await expect(page.getByRole('dialog', { name: 'Download 2 videos' })).toBeVisible()
  await confirm(page)
  await expect(page.getByText('2 videos selected')).toBeHidden()
  await expect.poll(() => existsSync(join(downloads(app), 'two.mp4')), { timeout: 20_000 }).toBe(true)
  await expect.poll(() => readdirSync(downloads(app)).toSorted()).toEqual(['one.mp4', 'two.mp4'])
  expect([stored('one.mp4'), stored('two.mp4')]).toEqual([one, two])

  writeFileSync(join(downloads(app), 'one.mp4'), 'mine')
  await page.getByRole('button', { name: 'Download all' }).click()
  await confirm(page)
  await expect(page.getByText(/1 download added . 2 files are there already and were skipped/)).toBeVisible()
  await expect.poll(() => readdirSync(downloads(app)), { timeout: 20_000 }).toHaveLength(3)
  expect(readFileSync(join(downloads(app), 'one.mp4'), 'utf8')).toBe('mine')

  await page.getByRole('button', { name: /^Download.*one\.mp4/ }).click()
  await confirm(page, 'Keep both')
  await expect.poll(() => existsSync(join(downloads(app), 'one (2).mp4')), { timeout: 20_000 }).toBe(true)
  expect(stored('one (2).mp4')).toBe(one)
  await page.getByRole('button', { name: /^Download.*one\.mp4/ }).click()
  await confirm(page, 'Replace it')
  await expect.poll(() => stored('one.mp4'), { timeout: 20_000 }).toBe(one)
})

test('a download goes on by itself after the app was killed', { tag: '@long' }, async ({ page, app }) => {
  const path = await paddedVideo({ name: 'long.mp4', sizeBytes: 120_000_000 })
  await fill(page, [path])
  await page.getByRole('button', { name: 'Download all' }).click()
  await confirm(page)
  const part = join(downloads(app), 'long.mp4.part')
  await expect.poll(() => existsSync(part), { timeout: 20_000, intervals: [5] }).toBe(true)
  await app.restart('SIGKILL')
  await expect(row(page, 'long.mp4')).toContainText('Downloaded', { timeout: 60_000 })
  expect(sha256(join(downloads(app), 'long.mp4'))).toBe(sha256(path))
  expect(existsSync(part)).toBe(false)
})

test('everything is done by keys, and read aloud by name', async ({ page, app }) => {
  await fill(page, [await makeVideo({ name: 'one.mp4', seconds: 2 }), await makeVideo({ name: 'two.mp4', seconds: 3 })])
  for (const view of ['Table', 'Grid'] as const) {
    await page
      .getByRole('radio', { name: view })
      .or(page.getByRole('button', { name: view }))
      .first()
      .click()
    await entry(page, 'one.mp4').focus()
    await page.keyboard.press('Control+KeyA')
    await expect(page.getByText('2 videos selected')).toBeVisible()
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByText('2 videos selected')).toBeHidden()
    await page.keyboard.press('Space')
    await expect(page.getByText('1 video selected')).toBeVisible()
    await page.getByRole('button', { name: 'Download selected' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('button', { name: 'Download', exact: true })).toBeFocused()
    const open = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
    expect(open.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    await page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await expect(page.getByText('1 video selected')).toBeHidden()
  }
  await expect.poll(() => existsSync(join(downloads(app), 'one.mp4')), { timeout: 20_000 }).toBe(true)
})
