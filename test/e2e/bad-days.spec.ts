import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Locator, Page } from '@playwright/test'
import { makeVideo, paddedVideo } from '../support/videos'
import { addByKeys, expect, password, register, signIn, test, type TestApp } from './app'

const row = (page: Page, name: string): Locator => page.getByRole('row', { name })
const databasePath = ({ dataDir }: TestApp): string => join(dataDir, 'backend', 'reelport.sqlite')

test.beforeEach(async ({ page, app }) => {
  expect(page.url()).toContain(new URL(app.host().link).origin)
})

/** How often the app has noted that its backend refused to start. */
const countFailedStarts = ({ dataDir }: TestApp): number =>
  readFileSync(join(dataDir, 'desktop', 'reelport.log'), 'utf8').split('backend.failed').length - 1

/** Nothing is on its way, stored or counted. */
async function expectNothingTaken(page: Page, { dataDir }: TestApp): Promise<void> {
  await page.getByRole('link', { name: 'Quota' }).click()
  await expect(page.getByRole('meter', { name: 'Videos' })).toHaveAttribute('aria-valuetext', '0 of 10 used')
  await expect(page.getByRole('meter', { name: 'Minutes' })).toHaveAttribute('aria-valuetext', '0 of 10 used')
  for (const folder of ['videos', 'partials']) expect(readdirSync(join(dataDir, 'backend', folder)), folder).toEqual([])
}

test('a backend that dies under the sign-in form is said to restart, and comes back by itself', async ({ page, app }) => {
  await register(page, 'nok')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  app.killBackend()
  await expect(page.getByRole('heading', { name: 'The server is being restarted' })).toBeVisible()
  await expect(page.getByText('nothing that arrived is lost')).toBeVisible()
  await signIn(page, 'nok')
})

test('a database of a newer program keeps the backend down with its reason, until it can be read again', async ({
  page,
  app,
}) => {
  await register(page, 'nok')
  const changeSchema = (by: number): void => {
    using database = new DatabaseSync(databasePath(app))
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    database.exec(`PRAGMA user_version = ${version + by}`)
  }
  await app.changeDisk(() => changeSchema(999))
  await expect(page.getByRole('heading', { name: 'The server could not start' })).toBeFocused()
  await expect(page.getByRole('main')).toContainText('database-newer')
  await page.getByRole('button', { name: 'Start again' }).click()
  await expect.poll(() => countFailedStarts(app)).toBe(2)
  changeSchema(-999)
  await page.getByRole('button', { name: 'Start again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
})

test('a damaged database keeps the backend down with its reason, and its copy brings everything back', async ({
  page,
  app,
}) => {
  await register(page, 'nok')
  const path = databasePath(app)
  const copy = `${path}.copy`
  await app.changeDisk(() => {
    copyFileSync(path, copy)
    writeFileSync(path, 'this is not a database at all'.repeat(1000))
  })
  await expect(page.getByRole('heading', { name: 'The server could not start' })).toBeFocused()
  await expect(page.getByRole('main')).toContainText('database-damaged')
  copyFileSync(copy, path)
  await page.getByRole('button', { name: 'Start again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
})

test('what cannot be a video here is told before a byte is sent', async ({ page, app }) => {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-bad-'))
  const path = (name: string): string => join(folder, name)
  await writeFile(path('nothing.mp4'), '')
  await writeFile(path('letter.mp4'), 'Dear all, this is a letter and no video.\n'.repeat(200))
  // Its index is at its end, and that end is missing.
  copyFileSync(await makeVideo({ name: 'whole.mov', seconds: 3 }), path('cut.mp4'))
  await truncate(path('cut.mp4'), Math.floor(statSync(path('cut.mp4')).size * 0.8))
  const large = await paddedVideo({ name: 'large.mp4', sizeBytes: 600_000_000, isSparse: true })
  const long = await makeVideo({ name: 'eleven-minutes.mp4', seconds: 11 * 60 })
  await register(page, 'nok')
  await addByKeys(page, [path('nothing.mp4'), path('letter.mp4'), path('cut.mp4'), large, long])
  const sheet = page.getByRole('dialog', { name: 'Before anything is sent' })
  await expect(sheet).toContainText('None of these can be added now.', { timeout: 20_000 })
  await expect(sheet.getByRole('row', { name: 'nothing' })).toContainText('The file is empty')
  await expect(sheet.getByRole('row', { name: 'letter' })).toContainText('Not a video that Reelport can read')
  await expect(sheet.getByRole('row', { name: 'cut' })).toContainText('Not a video that Reelport can read')
  await expect(sheet.getByRole('row', { name: 'large' })).toContainText(
    'Bigger than the 500 MB allowed for one file (600 MB)',
  )
  await expect(sheet.getByRole('row', { name: 'eleven' })).toContainText('11 min long, 10 min left in your quota')
  await expect(sheet.getByRole('button', { name: /^Add/ })).toHaveCount(0)
  await sheet.getByRole('button', { name: 'Close' }).last().click()
  await expect(sheet).toBeHidden()
  await expect(page.getByRole('row')).toHaveCount(0)
  await expectNothingTaken(page, app)
  // The copies that the browser host made are gone with them.
  await expect.poll(() => readdirSync(join(app.dataDir, 'desktop', 'spool'))).toEqual([])
  await rm(folder, { recursive: true })
})

test('names keep every byte on their way into the library', async ({ page }) => {
  // 125 letters of two bytes and ".mp4" and one more: 255 bytes, the most that a file system takes.
  const arabic = `${'فيلم'.repeat(31)}ف1.mp4`
  expect(Buffer.byteLength(arabic)).toBe(255)
  const names = [arabic, '..%2f..%2fpasswd.mp4', '🎬 family 👨‍👩‍👧.mp4']
  const videos = await Promise.all(names.map((name) => makeVideo({ name, seconds: 3 })))
  await register(page, 'nok')
  await addByKeys(page, videos)
  await expect(page.getByRole('row').filter({ hasText: 'Uploaded' })).toHaveCount(3)
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(page.getByRole('row')).toHaveCount(3)
  const shown = await page.getByRole('row').evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-label')))
  expect(new Set(shown)).toEqual(new Set(names))
})

test(
  'a file that changed while its upload was paused is not mixed: it starts over',
  { tag: '@long' },
  async ({ page, app }) => {
    await app.changeSettings({ uploadLimitBytesPerSecond: 2_000_000 })
    const video = await paddedVideo({ name: 'edited.mp4', sizeBytes: 10_000_000 })
    await register(page, 'nok')
    await addByKeys(page, [video])
    await expect(row(page, 'edited.mp4')).toContainText(/[1-5](\.\d)? MB of 10 MB/)
    await page.getByRole('button', { name: /^Pause:/ }).click()
    await expect(row(page, 'edited.mp4')).toContainText('Paused')
    await app.changeDisk(() => {
      const spool = join(app.dataDir, 'desktop', 'spool')
      const [folder = ''] = readdirSync(spool)
      const copy = join(spool, folder, 'file')
      const bytes = readFileSync(copy)
      bytes.write('another ending', bytes.length - 20)
      writeFileSync(copy, bytes)
      utimesSync(copy, new Date(), new Date())
    })
    await expect(row(page, 'edited.mp4')).toContainText('Paused')
    await page.getByRole('button', { name: /^Resume:/ }).click()
    await expect(row(page, 'edited.mp4')).toContainText('The file changed since the upload began')
    await page.getByRole('button', { name: /^Start over:/ }).click()
    await expect(row(page, 'edited.mp4')).toContainText('Uploaded', { timeout: 20_000 })
  },
)

test(
  'a file that is gone is found again by showing it, and another one is refused',
  { tag: '@long' },
  async ({ page, app }) => {
    await app.changeSettings({ uploadLimitBytesPerSecond: 2_000_000 })
    const video = await paddedVideo({ name: 'gone.mp4', sizeBytes: 10_000_000 })
    const other = await paddedVideo({ name: 'another.mp4', sizeBytes: 10_000_000 })
    await register(page, 'nok')
    await addByKeys(page, [video])
    await expect(row(page, 'gone.mp4')).toContainText(/[1-5](\.\d)? MB of 10 MB/)
    await page.getByRole('button', { name: /^Pause:/ }).click()
    await expect(row(page, 'gone.mp4')).toContainText('Paused')
    await app.changeDisk(() => {
      const spool = join(app.dataDir, 'desktop', 'spool')
      for (const copy of readdirSync(spool)) rmSync(join(spool, copy), { recursive: true })
    })
    await expect(row(page, 'gone.mp4')).toContainText('Paused')
    await page.getByRole('button', { name: /^Resume:/ }).click()
    await expect(row(page, 'gone.mp4')).toContainText('File not found at its place')
    const show = async (path: string): Promise<void> => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: /^Find file…:/ }).click()
      await (await chooser).setFiles(path)
    }
    await show(other)
    await expect(page.getByText('That is not the file of this upload')).toBeVisible()
    await show(video)
    await expect(row(page, 'gone.mp4')).toContainText('Uploaded', { timeout: 20_000 })
  },
)

test('two tabs of the app show one queue', async ({ page, app }) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 2_000_000 })
  await register(page, 'nok')
  const second = await page.context().newPage()
  await second.goto(await app.host().newLink())
  await addByKeys(page, [await paddedVideo({ name: 'shared.mp4', sizeBytes: 20_000_000 })])
  await expect(row(second, 'shared.mp4')).toContainText('Uploading')
  await second.getByRole('button', { name: /^Pause:/ }).click()
  await expect(row(page, 'shared.mp4')).toContainText('Paused')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(second.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await second.close()
})

test('a wrong password, a short one, and a name that is taken are refused in words', async ({ page, app }) => {
  const name = page.getByRole('textbox', { name: 'User name' })
  const secret = page.getByLabel('Password', { exact: true })
  await name.fill('nok')
  await secret.fill('short')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByText('Use at least 8 characters.')).toBeVisible()
  await expect(secret).toBeFocused()
  await expect(secret).toHaveAccessibleDescription(/Use at least 8 characters/)
  await register(page, 'nok')
  await page.getByRole('button', { name: 'Sign out' }).click()

  await name.fill('nok')
  await secret.fill('not the password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'User name or password is not right.' })).toBeFocused()

  await page.getByRole('button', { name: 'Create an account instead' }).click()
  await name.fill('NOK')
  await secret.fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  const taken = page.getByRole('alert').filter({ hasText: 'This user name is already taken.' })
  await expect(taken).toContainText('Choose another one.')
  await expect(taken).toBeFocused()
  expect(app.host().output()).not.toContain(password)
})

test('a page that is loaded again in the middle of an upload shows it going on', { tag: '@long' }, async ({ page, app }) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 3_000_000 })
  await register(page, 'nok')
  await addByKeys(page, [await paddedVideo({ name: 'reloaded.mp4', sizeBytes: 18_000_000 })])
  await expect(row(page, 'reloaded.mp4')).toContainText(/[1-5](\.\d)? MB of 18 MB/)
  await page.reload()
  await expect(row(page, 'reloaded.mp4')).toContainText('Uploading')
  await expect(row(page, 'reloaded.mp4')).toContainText('Uploaded', { timeout: 20_000 })
})

test('the same video picked twice is one video: the second time nothing is sent, and it is said so', async ({ page }) => {
  const video = await makeVideo({ name: 'twice.mp4', seconds: 3 })
  await register(page, 'nok')
  await addByKeys(page, [video])
  await expect(row(page, 'twice.mp4')).toContainText('Uploaded')
  await addByKeys(page, [video])
  await expect(page.getByText(/^Same as .*twice\.mp4.*, uploaded .*\. Nothing was sent and no quota used$/u)).toBeVisible()
  await page.getByRole('link', { name: 'Quota' }).click()
  await expect(page.getByRole('meter', { name: 'Videos' })).toHaveAttribute('aria-valuetext', /^1 of 10 used/)
  await page.getByRole('link', { name: 'Uploads' }).click()
  const again = page.getByRole('row').filter({ hasText: 'Same as' })
  await again.getByRole('button', { name: /^Show in library:/ }).click()
  await expect(row(page, 'twice.mp4')).toHaveCount(1)
})

test('the whole queue is paused for a while, stays so over a restart, and goes on at once when asked', async ({
  page,
  app,
}) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 2_000_000 })
  await register(page, 'nok')
  await addByKeys(page, [await paddedVideo({ name: 'resting.mp4', sizeBytes: 12_000_000 })])
  await expect(row(page, 'resting.mp4')).toContainText(/[1-5](\.\d)? MB of 12 MB/)
  await page.getByRole('button', { name: 'Pause all' }).click()
  await page.getByRole('menuitem', { name: 'For 1 hr' }).click()
  await expect(row(page, 'resting.mp4')).toContainText('The queue is paused until')
  const stopped = app.host()
  await app.changeDisk(() => undefined)
  expect(stopped.printed()).toContain('1 transfer is unfinished. It goes on from the same place')
  await expect(row(page, 'resting.mp4')).toContainText('The queue is paused until')
  const strip = page.locator('.strip')
  await expect(strip).toContainText('The queue is paused until')
  await strip.getByRole('button', { name: 'Resume now' }).click()
  await expect(row(page, 'resting.mp4')).toContainText('Uploaded', { timeout: 20_000 })
  await expect(strip).toBeHidden()
})

test('the page keeps the computer awake while bytes move, and lets it go after', async ({ page, app }) => {
  await app.changeSettings({ uploadLimitBytesPerSecond: 3_000_000 })
  await register(page, 'nok')
  await page.evaluate(() => {
    const request = navigator.wakeLock.request.bind(navigator.wakeLock)
    navigator.wakeLock.request = async (type) => {
      const lock = await request(type)
      document.body.dataset['awake'] = 'held'
      lock.addEventListener('release', () => (document.body.dataset['awake'] = 'released'))
      return lock
    }
  })
  await addByKeys(page, [await paddedVideo({ name: 'awake.mp4', sizeBytes: 9_000_000 })])
  await expect(page.locator('body')).toHaveAttribute('data-awake', 'held')
  await expect(row(page, 'awake.mp4')).toContainText('Uploaded', { timeout: 20_000 })
  await expect(page.locator('body')).toHaveAttribute('data-awake', 'released')
})
