import { expect, type Page, test as base } from '@playwright/test'
import { admin } from '../support/admin'
import { startBackendProcess } from '../support/backend-process'
import { temporaryFolder } from '../support/temporary-folder'
import { makeVideo } from '../support/videos'
import { addByKeys, password } from './app'
import { type Desk, enter, openDesk } from './desks'

type Server = { readonly url: string; readonly folder: string }

/** Support staff and a user at one server, each with the app open in front of them. */
const test = base.extend<{ server: Server; staff: Desk; user: Desk }>({
  // oxlint-disable-next-line eslint/no-empty-pattern -- Playwright reads the names of what is asked for from here
  server: async ({}, use) => {
    using folder = temporaryFolder()
    await using backend = await startBackendProcess(`${folder.path}/backend`)
    await use({ url: backend.url, folder: folder.path })
  },
  staff: async ({ browser, server }, use) => {
    await using desk = await openDesk(browser, { dataDir: `${server.folder}/staff`, server: server.url, settings: {} })
    await enter(desk.page, 'Help-Desk', 'haddad')
    await use(desk)
  },
  // The first account of a server is staff: theirs comes first.
  user: async ({ browser, server, staff: _ }, use) => {
    const body = JSON.stringify({ username: 'nok', password, displayName: 'Nok S.', email: 'nok@studio.example' })
    await fetch(`${server.url}/auth/register`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    await using desk = await openDesk(browser, { dataDir: `${server.folder}/user`, server: server.url, settings: {} })
    await enter(desk.page, 'Studio-PC', 'nok')
    await use(desk)
  },
})

const reason = 'They lost a day to our outage'

async function openPerson(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Staff' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeFocused()
  await page.getByRole('searchbox', { name: 'Name or mail' }).fill('STUDIO.ex')
  // A row of its own and the heading: until then the list may move away beneath the pointer.
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('row', { name: 'Nok S.' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Nok S.' })).toBeFocused()
}

test('staff find a user as they type, give the quota back with a reason, and take that back', async ({
  server,
  staff,
  user,
}) => {
  await expect(user.page.getByRole('link', { name: 'Staff' })).toHaveCount(0)
  await addByKeys(user.page, [await makeVideo({ name: 'holiday.mp4', seconds: 3 })])
  await expect(user.page.getByText('1 of 10 used', { exact: true })).toBeVisible({ timeout: 20_000 })

  await openPerson(staff.page)
  await expect(staff.page.getByText('1 of 10 used', { exact: true })).toBeVisible()
  await staff.page.getByRole('button', { name: 'Reset quota' }).click()
  const reset = staff.page.getByRole('dialog', { name: /^Reset the quota of/ })
  await expect(reset).toContainText('1 of 10 used')
  const confirm = reset.getByRole('button', { name: /^Reset the quota of .*Nok S\./ })
  await reset.getByRole('textbox', { name: 'Reason' }).fill('too short')
  await confirm.click()
  await expect(reset.getByRole('textbox', { name: 'Reason' })).toBeFocused()
  await expect(reset).toContainText('Say why, in at least 10 characters.')
  await reset.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await confirm.click()

  const receipt = staff.page.getByRole('dialog', { name: /^Done for/ })
  await expect(receipt).toContainText('#1')
  await expect(user.page.getByText('0 of 10 used').first()).toBeVisible()
  const notice = user.page.getByRole('alertdialog').filter({ hasText: 'Support reset your quota' })
  await expect(notice).toContainText(reason)
  await notice.getByRole('button', { name: 'Close' }).click()
  // Their app is closed: they are told when they open it again.
  await user.restart(async () => {
    await receipt.getByRole('button', { name: 'Undo the reset' }).click()
    const undo = staff.page.getByRole('dialog', { name: /^Undo the reset of/ })
    await undo.getByRole('textbox', { name: 'Reason' }).fill('That was the wrong person')
    // Somebody at the backend's machine is quicker: what it is done to then is not what was looked at.
    const quicker = ['quota', 'grant', 'nok', '--videos', '3', '--reason', 'Another of us was quicker']
    expect(await admin(`${server.folder}/backend`, ...quicker)).toMatchObject({ code: 0 })
    await undo.getByRole('button', { name: /^Undo the reset of/ }).click()
    await expect(undo.getByRole('alert')).toContainText('changed')
    await undo.getByRole('button', { name: 'Show what there is now' }).click()
    await undo.getByRole('button', { name: /^Undo the reset of/ }).click()
    await expect(staff.page.getByRole('dialog', { name: /^Done for/ })).toContainText('#3')
  })
  await expect(user.page.getByText('1 of 13 used', { exact: true })).toBeVisible()
  const told = user.page.getByRole('alertdialog')
  await expect(told.filter({ hasText: 'Support took a reset back' })).toContainText('That was the wrong person')
  await expect(told.filter({ hasText: 'Support gave you more' })).toContainText('Another of us was quicker')
  await user.page.getByRole('link', { name: 'Quota' }).click()
  const acts = user.page.getByRole('region', { name: 'What support did' }).getByRole('listitem')
  await expect(acts.filter({ hasText: 'Videos used: 1, now 0' }).first()).toContainText(reason)
  await expect(user.page.getByRole('region', { name: 'Statement' })).toContainText('Reset taken back by support')

  await user.page.goto(`${user.page.url().split('#')[0]}#/staff`)
  await expect(user.page.getByRole('heading', { level: 1, name: 'Uploads' })).toBeVisible()
})

test('staff sign a device out with a reason that stands there, see what a person shows, and find it all on record', async ({
  staff,
  user,
}) => {
  await user.page.keyboard.press('Control+KeyK')
  await user.page.getByRole('searchbox').fill('details for support')
  await user.page.keyboard.press('Enter')
  const details = user.page.getByRole('dialog', { name: 'Details for support' })
  await details.getByRole('button', { name: 'Make three words' }).click()
  const words = (await details.locator('.support-words strong').textContent()) ?? ''
  await user.page.keyboard.press('Escape')

  await staff.page.getByRole('link', { name: 'Staff' }).click()
  await user.page.getByRole('link', { name: 'Quota' }).click()
  await user.page.getByRole('button', { name: 'Ask for more' }).click()
  await user.page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
  await expect(user.page.getByText('Support has not answered yet.')).toBeVisible()
  // Whoever opens the list sees who waits now, not who waited when the section was opened.
  await staff.page.getByRole('link', { name: 'Requests' }).click()
  await expect(staff.page.getByRole('listitem').filter({ hasText: 'Nok S.' })).toBeVisible({ timeout: 5_000 })
  await staff.page.getByRole('link', { name: 'Support code' }).click()
  await staff.page.getByRole('textbox', { name: 'Three words' }).fill('three wrong words')
  await staff.page.getByRole('button', { name: 'Show' }).click()
  await expect(staff.page.getByText('No app shows these words.')).toBeVisible()
  await staff.page.getByRole('textbox', { name: 'Three words' }).fill(words.toUpperCase())
  await staff.page.getByRole('button', { name: 'Show' }).click()
  const shown = staff.page.getByRole('region', { name: 'Nok S.' })
  await expect(shown).toContainText('Reelport 0.1.0 (browser)')
  await expect(shown).toContainText('0 of 10 used')
  await shown.getByRole('link', { name: 'Nok S.' }).click()

  await staff.page.getByRole('button', { name: 'Grant more' }).click()
  const grant = staff.page.getByRole('dialog', { name: /^Grant more to/ })
  await grant.getByRole('textbox', { name: 'Videos more' }).fill('3')
  await grant.getByRole('textbox', { name: 'Reason' }).fill('Film week at school')
  await grant.getByRole('button', { name: /^Grant it to .*Nok S\./ }).click()
  await staff.page
    .getByRole('dialog', { name: /^Done for/ })
    .getByRole('button', { name: 'Close' })
    .last()
    .click()
  await expect(user.page.getByRole('alertdialog').filter({ hasText: 'Film week at school' })).toBeVisible()
  await expect(user.page.getByText('0 of 13 used')).toBeVisible()

  const devices = staff.page.getByRole('region', { name: 'Signed in on' })
  await devices.getByRole('button', { name: /^Sign out .*Studio-PC/ }).click()
  const end = staff.page.getByRole('dialog', { name: /^Sign .*Nok S\..* out of/ })
  await end.getByRole('textbox', { name: 'Reason' }).fill('A laptop of yours was stolen')
  await end.getByRole('button', { name: /^Sign out/ }).click()
  await expect(user.page.getByRole('heading', { level: 1, name: 'You are signed out' })).toBeFocused()
  await expect(user.page.getByRole('main')).toContainText('A laptop of yours was stolen')

  await staff.page.getByRole('link', { name: 'Audit log' }).click()
  const log = staff.page.getByRole('region', { name: 'Audit log' })
  await expect(log).toContainText('Snapshot looked at')
  await expect(log).toContainText('A laptop of yours was stolen')
  const file = staff.page.waitForEvent('download')
  await staff.page.getByRole('button', { name: 'Save as a file' }).click()
  await staff.page.getByRole('menuitem', { name: 'Table (CSV)' }).click()
  expect((await file).suggestedFilename()).toMatch(/^reelport-audit-.*\.csv$/)
})
