import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeVideo } from '../support/videos'
import { addByKeys, expect, register, test } from './app'

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

const patient = { timeout: 40_000 }

test('a library is backed up, lost, brought back over a killed server, and comes from a file as well', async ({
  page,
  app,
}) => {
  // Many waits in a row, for processes and disks of a machine that has other tests to run as well.
  test.slow()
  const paths = [await makeVideo({ name: 'one.mp4', seconds: 2 }), await makeVideo({ name: 'two.mp4', seconds: 3 })]
  await register(page, 'nok')
  await addByKeys(page, paths)
  for (const name of ['one.mp4', 'two.mp4']) {
    await expect(page.getByRole('row', { name })).toContainText('Uploaded', { timeout: 30_000 })
  }
  await page.getByRole('link', { name: 'Backups' }).click()
  await page.getByRole('button', { name: 'Back up now' }).click()
  const backups = page.getByRole('region', { name: 'Your backups' }).getByRole('listitem')
  await expect(backups.first()).toContainText('Verified', patient)
  await expect(backups.first()).toContainText('2 videos')

  await page.getByRole('button', { name: /^Download the backup/ }).click()
  const downloads = join(app.dataDir, 'Downloads')
  const archive = (): string =>
    (existsSync(downloads) ? readdirSync(downloads) : []).find((name) => name.endsWith('.zip')) ?? ''
  await expect.poll(archive, patient).not.toBe('')

  await page.getByRole('link', { name: 'Library' }).click()
  await page.getByRole('button', { name: /^Delete.*one/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).first().click()
  await expect(page.locator('.video-card, .video-row')).toHaveCount(1)

  await page.getByRole('link', { name: 'Backups' }).click()
  await page.getByRole('button', { name: /^Restore from the backup/ }).click()
  const wizard = page.getByRole('dialog')
  await wizard.getByRole('button', { name: 'Next' }).click()
  await wizard.getByRole('button', { name: 'Next' }).click()
  await expect(wizard).toContainText('Restores 1 video', patient)
  await expect(wizard).toContainText('1 exists already and is skipped')
  // Each step has the focus, or keys would reach nothing once the button that led here is gone.
  await expect(wizard.getByRole('region', { name: 'Summary' })).toBeFocused()
  await wizard.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(wizard).toBeHidden(patient)
  // Wherever it is by now: it goes on after the start, and ends with its report.
  app.killBackend()
  const restore = page.getByRole('region', { name: 'Restore', exact: true })
  await expect(restore).toContainText(/1 video restored . 1 skipped/, patient)
  await restore.getByRole('button', { name: 'Report' }).click()
  const report = page.getByRole('dialog', { name: 'Report of the restore' })
  await expect(report.getByRole('listitem')).toHaveCount(2, patient)
  await expect(report).toContainText(/two\.mp4.*Skipped . the same video is in the library already/s)
  await report.getByRole('button', { name: 'Save report' }).click()
  await expect
    .poll(() => readdirSync(downloads).some((name) => name.startsWith('Report of the restore')), patient)
    .toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Library' }).click()
  await expect(page.locator('.video-card, .video-row')).toHaveCount(2, patient)

  await page.getByRole('link', { name: 'Backups' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Restore from a file' }).click()
  await (await chooser).setFiles(join(downloads, archive()))
  const sent = backups.filter({ hasText: 'From a file' })
  await expect(sent).toContainText('Not verified yet', patient)
  await sent.getByRole('button', { name: /^Verify/ }).click()
  await expect(sent).toContainText('Verified', patient)
  // In the queue it is an archive on its way to a restore, not a video of the library.
  await page.getByRole('link', { name: 'Uploads' }).click()
  const row = page.getByRole('row', { name: /reelport.*Archive sent/i })
  await expect(row).toContainText('It is listed under Backups')
  await row.getByRole('button', { name: /^Restore from it/ }).click()
  await expect(page.getByRole('dialog', { name: /^Restore from the backup/ })).toBeVisible(patient)
  // What is said beside it is read in words, not letter by letter.
  const widths = await page.locator('.toast-words').evaluateAll((all) => all.map(({ clientWidth }) => clientWidth))
  expect(widths.filter((width) => width < 100)).toEqual([])
  await page.keyboard.press('Escape')
  const stored = join(app.dataDir, 'backend', 'archives')
  const digests = readdirSync(stored).map((name) => sha256(join(stored, name)))
  expect(new Set(digests)).toEqual(new Set([sha256(join(downloads, archive()))]))
})
