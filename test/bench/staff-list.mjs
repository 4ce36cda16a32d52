import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillCrowd } from './crowd.mjs'
import { root } from './processes.mjs'
import { enter, launchBrowser, startApp } from './window.mjs'

/** One notch of a wheel, and so many notches a second as a hand turns in a hurry. */
const notchPx = 120
const notchEveryMs = 16

/** Notes in each frame how long it took and how many rows are missing in view, until it is told to stop. */
function watchFrames() {
  const scroller = [...document.querySelectorAll('.people-card, .people-card *')].find(
    (element) => /auto|scroll/.test(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight,
  )
  const rowPx = 56
  const notes = { tookMs: [], missingRows: [], waitedFrames: 0, isStopped: false }
  window.benchFrames = notes
  let last = performance.now()
  const look = (now) => {
    notes.tookMs.push(now - last)
    last = now
    const view = scroller.getBoundingClientRect()
    const rectsOf = (role) => [...scroller.querySelectorAll(`[role=${role}]`)].map((cell) => cell.getBoundingClientRect())
    const top = Math.max(...rectsOf('columnheader').map(({ bottom }) => bottom))
    const covered = rectsOf('rowheader').reduce(
      (sum, { top: from, bottom: to }) => sum + Math.max(0, Math.min(to, view.bottom) - Math.max(from, top)),
      0,
    )
    notes.missingRows.push((view.bottom - top - covered) / rowPx)
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) notes.waitedFrames += 1
    notes.scrolledPx = scroller.scrollTop
    if (!notes.isStopped) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Scrolls the list of a hundred thousand people with a wheel, in the app itself. */
export async function benchStaffList({ seconds = 20 } = {}) {
  const dataDir = mkdtempSync(join(root, '.cache', 'bench-staff-list-'))
  mkdirSync(join(dataDir, 'desktop'))
  writeFileSync(join(dataDir, 'desktop', 'settings.json'), JSON.stringify({ language: 'en' }))
  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 1180, height: 800 } })
  let app = await startApp(dataDir)
  try {
    await page.goto(app.link)
    await enter(page, 'bench')
    await page.goto('about:blank')
    await app.stop()
    fillCrowd(join(dataDir, 'backend'))
    app = await startApp(dataDir)
    await page.goto(app.link)
    await enter(page, 'bench')
    await page.getByRole('link', { name: 'Staff' }).click()
    await page.getByRole('row').nth(10).waitFor()
    await page.getByRole('row').nth(5).hover()
    await page.evaluate(watchFrames)
    const endsAt = performance.now() + seconds * 1_000
    let next = performance.now()
    while (performance.now() < endsAt) {
      await page.mouse.wheel(0, notchPx)
      next += notchEveryMs
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())))
    }
    return await page.evaluate(() => {
      window.benchFrames.isStopped = true
      return window.benchFrames
    })
  } finally {
    await app.stop()
    await browser.close()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
}
