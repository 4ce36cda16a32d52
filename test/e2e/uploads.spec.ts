import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { makeVideo, paddedVideo } from '../support/videos'
import { expect, register, test, type TestApp } from './app'

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** The digests of everything that the backend keeps as a finished blob. */
function storedDigests({ dataDir }: TestApp): string[] {
  const blobs = join(dataDir, 'backend', 'videos')
  return readdirSync(blobs, { recursive: true, encoding: 'utf8' })
    .map((name) => join(blobs, name))
    .filter((path) => statSync(path).isFile())
    .map(sha256)
}

async function pick(page: Page, paths: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page
    .getByRole('button', { name: 'Choose files' })
    .or(page.getByRole('button', { name: 'Add videos' }))
    .first()
    .click()
  await (await chooser).setFiles([...paths])
}

/** A row of the queue; its accessible name is the file and its state. */
const row = (page: Page, name: string) => page.getByRole('row', { name })

async function expectUsedVideos(page: Page, count: number): Promise<void> {
  await page.getByRole('link', { name: 'Quota' }).click()
  await expect(page.getByRole('meter', { name: 'Videos' })).toHaveAttribute(
    'aria-valuetext',
    new RegExp(`^${count} of 10 used`),
  )
}

test('a picked video is sent, counted, found in the library, played and deleted', async ({ page, app }) => {
  const path = await makeVideo({ name: 'holiday.mp4', seconds: 12 })
  await register(page, 'nok')
  await pick(page, [path])
  await expect(row(page, 'holiday.mp4')).toContainText('Uploaded')
  expect(storedDigests(app)).toContain(sha256(path))

  await expectUsedVideos(page, 1)

  await page.getByRole('link', { name: 'Library' }).click()
  await page
    .getByRole('button', { name: /Play.*holiday/ })
    .first()
    .click()
  const video = page.locator('video[controls]')
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.readyState)).toBeGreaterThan(1)
  expect(await video.evaluate((element: HTMLVideoElement) => Math.round(element.duration))).toBe(12)
  await video.evaluate(async (element: HTMLVideoElement) => {
    element.currentTime = 8
    await new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }))
  })
  await page.keyboard.press('Escape')

  await page
    .getByRole('button', { name: /Delete.*holiday/ })
    .first()
    .click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /Delete/ })
    .click()
  await expect(page.getByText('No videos yet')).toBeVisible()
  await expect.poll(() => storedDigests(app), { timeout: 20_000 }).toEqual([])
  await expectUsedVideos(page, 1)
})

test('several kinds of video go together, and what does not fit is told before a byte is sent', async ({ page, app }) => {
  const good = await Promise.all(['a.mp4', 'b.mov', 'c.webm', 'd.mkv'].map((name) => makeVideo({ name, seconds: 3 })))
  const long = await makeVideo({ name: 'eleven-minutes.mp4', seconds: 11 * 60 })
  await register(page, 'nok')
  await pick(page, [...good, long])
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('row').filter({ hasText: 'eleven' })).toContainText(/11 min long, 9 min, 48.sec left/)
  await sheet.getByRole('button', { name: 'Add 4 that fit' }).click()
  for (const name of ['a.mp4', 'b.mov', 'c.webm', 'd.mkv']) await expect(row(page, name)).toContainText('Uploaded')
  expect(storedDigests(app).sort()).toEqual(good.map(sha256).sort())
})

test(
  'an upload is paused, goes on, and another is cancelled and gives its place back',
  { tag: '@long' },
  async ({ page, app }) => {
    await app.changeSettings({ uploadLimitBytesPerSecond: 3_000_000 })
    const path = await paddedVideo({ name: 'slow.mp4', sizeBytes: 24_000_000 })
    const second = await paddedVideo({ name: 'second.mp4', sizeBytes: 6_000_000 })
    await register(page, 'nok')
    await pick(page, [path, second])
    await expect(row(page, 'slow.mp4')).toContainText('Uploading')
    await page.getByRole('button', { name: /^Cancel upload:.*second/ }).click()
    await expect(row(page, 'second.mp4')).toContainText('Cancelled')
    await page.getByRole('button', { name: /^Pause:.*slow/ }).click()
    await expect(row(page, 'slow.mp4')).toContainText('Paused')
    await page.getByRole('button', { name: /^Resume:.*slow/ }).click()
    await expect(row(page, 'slow.mp4')).toContainText('Uploaded', { timeout: 30_000 })
    expect(storedDigests(app)).toEqual([sha256(path)])
    await expectUsedVideos(page, 1)
  },
)

test('an app killed in the middle of an upload goes on where the server is, and stores the same bytes', async ({
  page,
  app,
}) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 8_000_000 })
  const path = await paddedVideo({ name: 'long-way.mp4', sizeBytes: 60_000_000 })
  await register(page, 'nok')
  await pick(page, [path])
  await expect(row(page, 'long-way.mp4')).toContainText('Uploading')
  await expect(row(page, 'long-way.mp4')).toContainText(/[2-9]\d(\.\d)? MB of 60/, { timeout: 20_000 })
  await app.restart('SIGKILL')
  const heading = page.getByRole('heading', { level: 1, name: 'Uploads' })
  await expect(heading.or(page.getByLabel('User name'))).toBeVisible()
  if (!(await heading.isVisible())) {
    // Without a keychain the person signs in again; the queue waited for them.
    await page.getByLabel('User name').fill('nok')
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await expect(row(page, 'long-way.mp4')).toContainText('Uploaded', { timeout: 30_000 })
  expect(storedDigests(app)).toEqual([sha256(path)])
})

test('a backend killed in the middle of an upload is started again, and nothing is lost', async ({ page, app }) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 8_000_000 })
  const path = await paddedVideo({ name: 'stubborn.mp4', sizeBytes: 50_000_000 })
  await register(page, 'nok')
  await pick(page, [path])
  await expect(row(page, 'stubborn.mp4')).toContainText(/[2-9]\d(\.\d)? MB of 50/, { timeout: 20_000 })
  app.killBackend()
  await expect(row(page, 'stubborn.mp4')).toContainText('Uploaded', { timeout: 40_000 })
  expect(storedDigests(app)).toEqual([sha256(path)])
  await expectUsedVideos(page, 1)
})

test('quota and library are each person’s own', async ({ page, app }) => {
  await register(page, 'nok')
  await pick(page, [await makeVideo({ name: 'mine.mp4', seconds: 3 })])
  await expect(row(page, 'mine.mp4')).toContainText('Uploaded')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Create an account instead' }).click()
  await register(page, 'somchai')
  await expect(row(page, 'mine.mp4')).toHaveCount(0)
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(page.getByText('No videos yet')).toBeVisible()
  await expectUsedVideos(page, 0)
  expect(storedDigests(app)).toHaveLength(1)
})
