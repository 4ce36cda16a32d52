import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { makeVideo } from '../support/videos.ts'
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

/** What the page loads for its first screens in English (scripts, styles and texts, no fonts), and all that it may ever load. */
export function rendererBytes() {
  const folder = join(root, 'out', 'renderer')
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="(?:\.?\/)?assets\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name)
  const all = readdirSync(join(folder, 'assets')).filter((name) => /\.(js|css)$/.test(name))
  const english = all.filter((name) => /^en-(?!US)/.test(name))
  const otherLanguages = all.filter((name) => /^(ar|th)-/.test(name))
  const size = (names) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, 'assets', name)), { level: 9 }).length, 0)
  return {
    first: size([...new Set([...named, ...english])]),
    all: size(all.filter((name) => !otherLanguages.includes(name))),
  }
}

/** The share of a process in memory: pages that several of them map, as those of Node itself, are divided among them. */
const residentMegabytes = (pid) =>
  (Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024) / 1e6

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

async function startApp(dataDir) {
  const child = spawn(
    process.execPath,
    [join(programs, 'browser-host.js'), '--no-open', '--port', '0', '--data-dir', dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const link = await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      const found = /ready at (\S+)/.exec(String(chunk))?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }
  return { child, link, stop }
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

/** Scrolls what scrolls in the page by a step in every frame; answers how long each frame took, in ms. */
function scrollThrough(page, { frames, stepPx }) {
  return page.evaluate(
    ({ count, step }) =>
      new Promise((resolve) => {
        const scroller = [...document.querySelectorAll('*')]
          .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowY))
          .sort((a, b) => b.scrollHeight - b.clientHeight - (a.scrollHeight - a.clientHeight))[0]
        const tookMs = []
        let last = performance.now()
        const run = (now) => {
          tookMs.push(now - last)
          last = now
          scroller.scrollTop += step
          if (tookMs.length < count) requestAnimationFrame(run)
          else resolve({ tookMs: tookMs.slice(1), scrolledPx: scroller.scrollTop, heightPx: scroller.scrollHeight })
        }
        requestAnimationFrame(run)
      }),
    { count: frames, step: stepPx },
  )
}

/** Scrolls a library of 10,000 videos and a queue of 2,000 rows, and says what the idle processes hold. */
export async function benchWindow({ videos = 10_000, rows = 2_000 } = {}) {
  const dataDir = mkdtempSync(join(root, '.cache', 'bench-'))
  mkdirSync(join(dataDir, 'desktop'))
  writeFileSync(join(dataDir, 'desktop', 'settings.json'), JSON.stringify({ language: 'en', pause: null }))
  const executablePath = process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    chromiumSandbox: false,
  })
  const page = await browser.newPage({ viewport: { width: 1180, height: 800 } })
  const choose = async (paths) => {
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Control+KeyO')
    await (await chooser).setFiles(paths)
  }
  const signIn = async () => {
    await page.locator('input[name="username"]').fill('nok')
    await page.locator('input[type="password"]').fill('a long enough password')
    await page.locator('button[type="submit"]').click()
    await page.getByRole('navigation').waitFor()
  }
  let app = await startApp(dataDir)
  try {
    await page.goto(app.link)
    await signIn()
    const video = await makeVideo({ name: 'bench.mp4', seconds: 3 })
    await choose([video])
    await page.locator('[data-kind="done"]').waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'Library' }).click()
    await page.locator('img').first().waitFor()
    // Nothing is asked of them for a while.
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const idle = childrenOf(app.child.pid)
    const resident = (name) => residentMegabytes(idle.find(({ line }) => line.includes(name)).pid)
    const memory = {
      core: residentMegabytes(app.child.pid),
      backend: resident('backend.js'),
      transfers: resident('transfer-process.js'),
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
    await signIn()
    await page.getByRole('link', { name: 'Library' }).click()
    await page.locator('img').nth(4).waitFor()
    const library = await scrollThrough(page, { frames: 900, stepPx: 90 })

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
    const queue = await scrollThrough(page, { frames: 900, stepPx: 90 })
    return { memory, library, queue }
  } finally {
    await app.stop()
    await browser.close()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
}
