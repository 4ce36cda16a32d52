import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { makeVideo, paddedVideo } from '../test/support/videos.ts'
import { buildIfChanged } from './build-if-changed.mjs'
import { runWithKeychain } from './private-keychain.mjs'
import { root } from './project.mjs'

/** The README's pictures, from the built app with real videos: `npm run screenshots`, or into another folder: `-- DIR`. */
const target = process.argv[2] ?? join(root, 'docs', 'images')
const guide = join(root, 'renderer', 'public', 'guide')
const looks = [
  { name: 'en-light', language: 'en', theme: 'light', width: 1180 },
  { name: 'ar-dark', language: 'ar', theme: 'dark', digits: 'arab', width: 1180 },
  { name: 'th-light', language: 'th', theme: 'light', width: 1180 },
  { name: 'en-narrow', language: 'en', theme: 'dark', width: 720 },
  // The pictures of the guide in the app: of one size, small, and of its own screens alone.
  ...['en', 'ar', 'th'].map((language) => ({ name: language, language, theme: 'light', width: 900, isGuide: true })),
]
const guideScreens = ['uploads', 'before-sending', 'library', 'quota', 'devices']

/** Starts a built program; `address` is what it printed after `words`. */
async function startProgram(name, words, args) {
  const child = spawn(process.execPath, [join(root, 'out', 'main', name), '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      const found = new RegExp(`${words} (\\S+)`).exec(String(chunk))?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const stop = async () => {
    const exit = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await exit
  }
  return { address, stop }
}

async function pick(page, paths) {
  const chooser = page.waitForEvent('filechooser')
  await page.locator('main .button-primary').first().click()
  await (await chooser).setFiles(paths)
}

async function register(backend, username) {
  const body = JSON.stringify({ username, password: 'a long enough password' })
  await fetch(`${backend}/auth/register`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}

/** Signs in as another device would; answers what ends it. */
async function signInElsewhere(backend, device) {
  const post = (path, init) => fetch(`${backend}${path}`, { method: 'POST', ...init })
  const body = JSON.stringify({ username: 'nok', password: 'a long enough password', device })
  const answer = await post('/auth/login', { body, headers: { 'content-type': 'application/json' } })
  const { token } = await answer.json()
  return () => post('/auth/logout', { headers: { authorization: `Bearer ${token}` } })
}

/** Two more devices, and one that has ended; their notices are looked at, so that they cover nothing. */
async function addDevices(page, backend) {
  await signInElsewhere(backend, { name: 'Edit-Mac', type: 'desktop', os: 'macOS arm64', app: 'Reelport 0.1.0' })
  await signInElsewhere(backend, { name: 'Chrome', type: 'browser', os: 'Windows', app: 'Chrome 156' })
  const end = await signInElsewhere(backend, { name: 'Nightly upload', type: 'script', os: 'Linux', app: 'curl 8.9.1' })
  await end()
  for (let left = 3; left > 0; left -= 1) {
    await page
      .locator('.toast')
      .nth(left - 1)
      .waitFor()
    await page.locator('.toast .icon-button').first().click()
    await page.waitForFunction((count) => document.querySelectorAll('.toast').length < count, left)
  }
}

async function shoot(browser, { name, width, isGuide = false, ...settings }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'reelport-pictures-'))
  mkdirSync(join(dataDir, 'desktop'))
  writeFileSync(
    join(dataDir, 'desktop', 'settings.json'),
    JSON.stringify({ ...settings, uploadLimitBytesPerSecond: 1_500_000 }),
  )
  const backend = await startProgram('backend.js', 'listening on', [
    '--data-dir',
    join(dataDir, 'server'),
    '--log-level',
    'warn',
  ])
  // The first account of a server is staff's; the guide is for everybody else.
  if (isGuide) for (const username of ['staff', 'nok']) await register(backend.address, username)
  const app = await startProgram('browser-host.js', 'ready at', [
    '--no-open',
    '--data-dir',
    dataDir,
    '--server',
    backend.address,
  ])
  const page = await browser.newPage({ viewport: { width, height: isGuide ? 620 : 820 }, reducedMotion: 'reduce' })
  const picture = async (screen) => {
    await page.evaluate(() => document.fonts.ready)
    if (isGuide) {
      if (!guideScreens.includes(screen)) return
      const session = await page.context().newCDPSession(page)
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 60 })
      return writeFileSync(join(guide, `${screen}-${name}.webp`), Buffer.from(data, 'base64'))
    }
    await page.screenshot({ path: join(target, `${screen}-${name}.png`), animations: 'disabled', caret: 'hide' })
  }
  try {
    await page.goto(app.address)
    await page.locator('input[name="username"]').waitFor()
    await picture('sign-in')
    await page.locator('input[name="username"]').fill('nok')
    await page.locator('input[name="device-name"]').fill('Studio-PC')
    await page.locator('input[type="password"]').fill('a long enough password')
    await page.locator('button[type="submit"]').click()
    const links = page.getByRole('navigation').getByRole('link')
    await links.first().waitFor()
    const row = (file) => page.locator('[data-kind]').filter({ hasText: file }).first()
    await pick(page, [
      await makeVideo({ name: 'teaser_v2.mp4', seconds: 42 }),
      await makeVideo({ name: 'สัมภาษณ์ลูกค้า.webm', seconds: 8 }),
    ])
    await page.locator('[data-kind="done"]').nth(1).waitFor({ timeout: 60_000 })
    await pick(page, [
      await paddedVideo({ name: 'Site-visit_2026-11-18_take3.mp4', sizeBytes: 31_000_000 }),
      await paddedVideo({ name: 'مقابلة المدير - النسخة النهائية.mp4', sizeBytes: 9_000_000 }),
      await paddedVideo({ name: 'B-roll drone.mp4', sizeBytes: 12_000_000 }),
    ])
    await page.locator('[data-kind="uploading"]').waitFor()
    await page.waitForFunction(
      () =>
        Number(document.querySelector('[data-kind="uploading"] [role="progressbar"]')?.getAttribute('aria-valuenow')) >= 30,
      undefined,
      { timeout: 60_000 },
    )
    await row('B-roll').locator('button').last().waitFor()
    await picture('uploads')
    await addDevices(page, backend.address)
    // The first account has the section of staff as well, and somebody to look after.
    const ownScreens = ['library', 'quota', 'devices', 'backups', 'settings']
    if (!isGuide) for (const username of ['layla', 'mara', 'somchai']) await register(backend.address, username)
    for (const [index, screen] of [...ownScreens, ...(isGuide ? [] : ['staff'])].entries()) {
      await links.nth(index + 1).click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForFunction(
        (wanted) =>
          document.images.length >= wanted &&
          [...document.images].every((image) => image.complete && image.naturalWidth > 0),
        screen === 'library' ? 2 : 0,
      )
      if (screen === 'backups') {
        await page.locator('.page-head .button-primary').click()
        await page.locator('.backup-check[data-tone="good"]').waitFor()
        await page.locator('.toast .icon-button').first().click()
        await page.locator('.toast').waitFor({ state: 'detached' })
      }
      if (screen === 'staff') await page.getByText('somchai').first().waitFor()
      if (screen === 'devices') await page.locator('li.device').nth(1).waitFor()
      await picture(screen)
    }
    await links.first().click()
    await pick(page, [
      await makeVideo({ name: 'conference_day1_uncut.mkv', seconds: 11 * 60 }),
      await makeVideo({ name: 'short.mov', seconds: 5 }),
    ])
    await page.getByRole('dialog').waitFor()
    await picture('before-sending')
  } finally {
    await page.close()
    await app.stop()
    await backend.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
}

if (process.env.DBUS_SESSION_BUS_ADDRESS === undefined) {
  process.exit(runWithKeychain([import.meta.filename, target, ...process.argv.slice(3)]).status ?? 1)
}
buildIfChanged()
for (const folder of [target, guide]) mkdirSync(folder, { recursive: true })
const executablePath = process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  chromiumSandbox: false,
})
// `npm run screenshots -- DIR guide` makes those of the guide alone.
for (const look of process.argv[3] === 'guide' ? looks.filter(({ isGuide }) => isGuide) : looks) {
  await shoot(browser, look)
  console.log(look.name)
}
await browser.close()
