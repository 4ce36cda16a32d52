import { expect, test } from '@playwright/test'
import { startBackendProcess } from '../support/backend-process'
import { startBrowserHost } from '../support/browser-host'
import { temporaryFolder } from '../support/temporary-folder'
import { makeVideo } from '../support/videos'
import { register, signIn } from './app'

test('quota and library are the same on another machine', async ({ browser }) => {
  using folder = temporaryFolder()
  await using backend = await startBackendProcess(`${folder.path}/backend`)
  const args = ['--server', backend.url]
  await using home = await startBrowserHost(`${folder.path}/home`, { args })

  const atHome = await browser.newPage()
  await atHome.goto(home.link)
  await register(atHome, 'nok')
  const chooser = atHome.waitForEvent('filechooser')
  await atHome.getByRole('button', { name: 'Add videos' }).click()
  await (await chooser).setFiles(await makeVideo({ name: 'sent-from-home.mp4', seconds: 3 }))
  await expect(atHome.getByRole('row', { name: 'sent-from-home.mp4' })).toContainText('Uploaded')

  await using office = await startBrowserHost(`${folder.path}/office`, { args })
  const atOffice = await browser.newPage()
  await atOffice.goto(office.link)
  await signIn(atOffice, 'nok')
  await expect(atOffice.getByRole('meter', { name: 'Videos' })).toHaveAttribute('aria-valuetext', /^1 of 10 used/)
  await atOffice.getByRole('link', { name: 'Library' }).click()
  await expect(atOffice.getByText('sent-from-home').first()).toBeVisible()
})
