import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { programs } from './processes.mjs'

/** The app in its browser host, with its own backend. */
export async function startApp(dataDir) {
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

export function launchBrowser() {
  const executablePath = process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)
  return chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), chromiumSandbox: false })
}

/** Fills in the form of the sign-in or of the first account. */
export async function enter(page, username) {
  await page.locator('input[name="username"]').fill(username)
  await page.locator('input[type="password"]').fill('a long enough password')
  await page.locator('button[type="submit"]').click()
  await page.getByRole('navigation').first().waitFor()
}
