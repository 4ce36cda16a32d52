import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { makeVideo } from '../support/videos.ts'
import { enter, launchBrowser, startApp } from './window.mjs'
import { programs, root } from './processes.mjs'

/** Bytes of a program and of all that it imports before its first line runs. */
export function eagerBytes(program = join(programs, 'electron.js')) {
  const seen = new Set()
  const visit = (path) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/^import\b[^;]*?["'](\.[^"']+)["'];?$/gm)) {
      visit(join(path, '..', name))
    }
  }
  visit(program)
  return [...seen].reduce((sum, path) => sum + readFileSync(path).length, 0)
}

/**
 * What the page has loaded when its first screen is drawn in English (scripts, styles and texts, no fonts; the script of the
 * browser host with them), and all that it may ever load.
 */
export function rendererBytes() {
  const folder = join(root, 'out', 'renderer')
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="(?:\.?\/)?(assets\/[^"]+\.(?:js|css))"/g)].map(([, name]) => name)
  const all = readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => `assets/${name}`)
  const english = all.filter((name) => /\/en-(?!US)/.test(name))
  const otherLanguages = all.filter((name) => /\/(ar|th|en-US)-/.test(name))
  const size = (names) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0)
  const hostScript = 'browser-host.js'
  return {
    first: size([...new Set([hostScript, ...named, ...english])]),
    all: size([hostScript, ...all.filter((name) => !otherLanguages.includes(name))]),
  }
}

/**
 * What a process holds, in MB: all of it that is in memory, and its share of that, where pages which several map (those of Node
 * itself) are divided among them.
 */
function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const read = (name) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / 1e6
  return { residentMb: read('Rss'), shareMb: read('Pss') }
}

/** Processes that one started, with the programs that they run. */
function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const parentOf = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1])
        return parentOf === parent ? [{ pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }] : []
      } catch {
        // It ended while we looked.
        return []
      }
    })
}

/** A library of `count` videos, all of them copies of the one that was uploaded, each with a picture of its own. */
function fillLibrary(dataDir, count) {
  const database = new DatabaseSync(join(dataDir, 'backend', 'reelport.sqlite'), { enableForeignKeyConstraints: false })
  const [video] = database.prepare('SELECT * FROM videos').all()
  const names = Object.keys(video)
  const insert = database.prepare(`INSERT INTO videos (${names.join()}) VALUES (${names.map(() => '?').join()})`)
  const thumbnails = join(dataDir, 'backend', 'thumbnails')
  const [picture] = readdirSync(thumbnails, { recursive: true }).filter((name) => name.includes(video.id))
  database.exec('BEGIN')
  for (let index = 0; index < count; index += 1) {
    const id = `${video.id.slice(0, -6)}${String(index).padStart(6, '0')}`
    const filename = `Take ${index} of the evening show.mp4`
    const copy = {
      ...video,
      id,
      filename,
      name_key: filename.toLowerCase(),
      upload_id: `copy-${index}-${String(video.upload_id)}`.slice(0, 60),
      created_at: video.created_at - index * 60_000,
    }
    insert.run(...names.map((name) => copy[name]))
    if (picture === undefined) continue
    const to = join(thumbnails, picture.replace(video.id, id))
    mkdirSync(join(to, '..'), { recursive: true })
    linkSync(join(thumbnails, picture), to)
  }
  database.exec('COMMIT')
  database.close()
}

/** Turns the wheel over the middle of the page; answers how long each frame took meanwhile, in ms, and how far it went. */
async function turnWheel(page, { turns, stepPx }) {
  const { width, height } = page.viewportSize()
  await page.mouse.move(width / 2, height * 0.6)
  await page.evaluate(() => {
    const kept = { tookMs: [], workMs: [], scroller: null }
    globalThis.kept = kept
    document.addEventListener('scroll', ({ target }) => (kept.scroller = target), { capture: true })
    // What of a long frame was the page's own: the rest is the machine's, which other programs have too.
    new PerformanceObserver((list) => {
      for (const { duration, startTime, name, scripts } of list.getEntries())
        kept.workMs.push({ duration, startTime, name, scriptMs: scripts.reduce((sum, script) => sum + script.duration, 0) })
    }).observe({ type: 'long-animation-frame' })
    let last = performance.now()
    const run = (now) => {
      kept.tookMs.push(now - last)
      last = now
      if (globalThis.kept === kept) requestAnimationFrame(run)
    }
    requestAnimationFrame(run)
  })
  for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, stepPx)
  return page.evaluate(() => {
    const { tookMs, workMs, scroller } = globalThis.kept
    globalThis.kept = null
    const element = scroller === document ? document.scrollingElement : scroller
    return { tookMs: tookMs.slice(1), workMs, scrolledPx: element.scrollTop, heightPx: element.scrollHeight }
  })
}

/** The same over a page of plain rows: what this machine takes for a frame in which a page has nothing to do. */
async function turnWheelOverNothing(page, options) {
  const rows = Array.from({ length: 2_000 }, (_, index) => `<p>${index}</p>`).join('')
  await page.goto('about:blank')
  await page.setContent(`<!doctype html><body>${rows}</body>`)
  return turnWheel(page, options)
}

/** Scrolls a library of 10,000 videos and a queue of 2,000 rows, and says what the idle processes hold. */
export async function benchWindow({ videos = 10_000, rows = 2_000 } = {}) {
  const dataDir = mkdtempSync(join(root, '.cache', 'bench-'))
  mkdirSync(join(dataDir, 'desktop'))
  writeFileSync(join(dataDir, 'desktop', 'settings.json'), JSON.stringify({ language: 'en', pause: null }))
  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 1180, height: 800 } })
  const choose = async (paths) => {
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Control+KeyO')
    await (await chooser).setFiles(paths)
  }
  const wheel = { turns: 600, stepPx: 120 }
  let app = await startApp(dataDir)
  try {
    await page.goto(app.link)
    await enter(page, 'nok')
    const video = await makeVideo({ name: 'bench.mp4', seconds: 3 })
    await choose([video])
    await page.locator('[data-kind="done"]').waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'Library' }).click()
    await page.locator('img').first().waitFor()
    // Nothing is asked of them for a while: two of the looks that they take at themselves (`contract/idle-memory.ts`) and a bit.
    await new Promise((resolve) => setTimeout(resolve, 40_000))
    const idle = childrenOf(app.child.pid)
    const memoryOfChild = (name) => memoryOf(idle.find(({ line }) => line.includes(name)).pid)
    const memory = {
      core: memoryOf(app.child.pid),
      backend: memoryOfChild('backend.js'),
      transfers: memoryOfChild('transfer-process.js'),
    }
    await app.stop()
    fillLibrary(dataDir, videos)
    const database = new DatabaseSync(join(dataDir, 'backend', 'reelport.sqlite'))
    database.exec('UPDATE quotas SET max_videos = NULL, max_duration_ms = NULL')
    database.close()
    writeFileSync(join(dataDir, 'desktop', 'settings.json'), JSON.stringify({ language: 'en', pause: { until: null } }))

    app = await startApp(dataDir)
    await page.goto('about:blank')
    await page.goto(app.link)
    await enter(page, 'nok')
    await page.getByRole('link', { name: 'Library' }).click()
    await page.locator('img').nth(4).waitFor()
    const library = await turnWheel(page, wheel)

    await page.getByRole('link', { name: 'Uploads' }).click()
    const folder = join(dataDir, 'many')
    mkdirSync(folder)
    copyFileSync(video, join(folder, '0.mp4'))
    const paths = Array.from({ length: rows }, (_, index) => join(folder, `Clip ${index} of the evening.mp4`))
    for (const path of paths) linkSync(join(folder, '0.mp4'), path)
    await choose(paths)
    await page.waitForFunction(
      (wanted) => document.querySelector('.count')?.textContent === wanted,
      rows.toLocaleString('en'),
      {
        timeout: 300_000,
      },
    )
    const queue = await turnWheel(page, wheel)
    const nothing = await turnWheelOverNothing(page, wheel)
    return { memory, library, queue, nothing }
  } finally {
    await app.stop()
    await browser.close()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
}
