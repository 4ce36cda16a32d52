import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { root, startBackend } from './processes.mjs'

/** The link that the browser host prints once it is ready. */
function readLink(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
      const link = /Reelport is ready at (\S+)/.exec(text)?.[1]
      if (link !== undefined) resolve(link)
    })
    child.on('exit', () => reject(new Error(`npm start ended: ${text}`)))
  })
}

/** `npm start`, dependencies and build already there, until a person could type their name. */
export async function benchStart() {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  const executablePath = process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    chromiumSandbox: false,
  })
  const page = await browser.newPage()
  const startedAt = performance.now()
  const args = ['start', '--silent', '--', '--host=browser', '--no-open', '--port', '0', '--data-dir', folder]
  const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const link = await readLink(child)
    const printedMs = performance.now() - startedAt
    await page.goto(link)
    await page.locator('input[name="username"]').waitFor()
    return { printedMs, usableMs: performance.now() - startedAt }
  } finally {
    const exit = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await browser.close()
    await exit
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export async function benchBackendReady(times) {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  const readyMs = []
  for (let turn = 0; turn < times; turn++) {
    const backend = await startBackend(folder)
    readyMs.push(backend.readyMs)
    await backend.stop()
  }
  rmSync(folder, { recursive: true, force: true })
  return readyMs
}
