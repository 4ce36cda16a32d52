import { dirname } from 'node:path'
import { makeVideo, paddedVideo } from '../support/videos'
import { expect, register } from './app'
import { isReal, test } from './electron-app'

test.describe('what stands around the window, on the stand-in', () => {
  test.skip(isReal, 'real Electron does not tell what it asked of the system')
  test.use({
    remembered: {
      // Left on a screen that is gone, and larger than the one that is there.
      'window.json': { bounds: { x: 4_000, y: 200, width: 3_000, height: 2_000 } },
      'settings.json': { uploadLimitBytesPerSecond: 2_000_000 },
    },
  })

  test('menus, tray, notices, files from outside, and a page that crashed', async ({ desktop }) => {
    // Many things outside the window, one after the other.
    test.slow()
    const { page, record, chooseNext, outside } = desktop
    expect(record().windows[0]).toMatchObject({ width: 1280, height: 900 })
    await register(page, 'nok')

    await test.step('the menus speak the language of the page, and do what they say', async () => {
      await expect
        .poll(() => record().menuBar.flatMap(Object.keys))
        .toEqual(['File', 'Edit', 'Transfers', 'View', 'Window', 'Help'])
      await outside({ does: 'choose-in-menu', path: ['View', 'Devices'] })
      await expect(page.getByRole('heading', { level: 1, name: 'Devices' })).toBeVisible()
      expect(record().tray).toMatchObject({ image: 'idle.png', isThere: true, tooltip: 'Reelport — Nothing to send' })
    })

    const video = await makeVideo({ name: 'from-outside.mp4', seconds: 3 })
    await test.step('one more start hands over its files, and its link', async () => {
      await outside({ does: 'start-again', args: ['--flag', 'from-outside.mp4'], folder: dirname(video) })
      await expect(page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
      await expect(page.getByRole('row', { name: 'from-outside.mp4' })).toBeVisible()
      await outside({ does: 'start-again', args: ['reelport://quota'], folder: '/' })
      await expect(page.getByRole('heading', { level: 1, name: 'Quota' })).toBeVisible()
    })

    await test.step('while files move the icon says how far they are, and the tray can pause them', async () => {
      chooseNext([await paddedVideo({ name: 'long.mp4', sizeBytes: 60_000_000 })])
      await outside({ does: 'choose-in-menu', path: ['File', 'Add videos…'] })
      await expect.poll(() => record().dialogs.length).toBe(1)
      await expect.poll(() => record().tray?.image).toBe('working.png')
      await expect.poll(() => record().progress.some(({ share, mode }) => share > 0 && mode === 'normal')).toBe(true)
      expect(record().dialogs.at(-1)?.filters?.[0]?.name).toBe('Videos')
      await outside({ does: 'choose-in-tray', path: ['Pause all', 'For 1 hour'] })
      await expect.poll(() => record().tray).toMatchObject({ image: 'paused.png', tooltip: 'Reelport — Paused' })
    })

    await test.step('without a tray a window with work is made small, which is said once', async () => {
      await outside({ does: 'close-window' })
      await expect.poll(() => record().isShown).toBe('small')
      expect(record().notices).toMatchObject([{ title: 'Reelport is still running' }])
      await outside({ does: 'start-again', args: [], folder: '/' })
      await expect.poll(() => record().isShown).toBe(true)
    })

    await test.step('a page that crashes is drawn again, and the queue never noticed', async () => {
      const next = page.context().waitForEvent('page')
      await outside({ does: 'crash-page' })
      const again = await next
      await expect(again.getByRole('row', { name: 'long.mp4' })).toContainText('Paused', { ignoreCase: true })
      // Its menus work with the new page.
      await outside({ does: 'choose-in-menu', path: ['View', 'Settings'] })
      await expect(again.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    })
  })
})
