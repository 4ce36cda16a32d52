import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const chromium = process.env['CHROMIUM_PATH'] ?? places.find((path) => existsSync(path))

export default defineConfig({
  testDir: join(import.meta.dirname, 'e2e'),
  outputDir: join(import.meta.dirname, '..', 'test-results', 'e2e'),
  reporter: [['list'], ['json', { outputFile: join(import.meta.dirname, '..', 'test-results', 'e2e.json') }]],
  // Most of a test is waiting for processes, lines and the pace that it asked for: one more than the cores of a small machine.
  workers: 3,
  fullyParallel: true,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  use: {
    headless: true,
    viewport: { width: 1180, height: 800 },
    launchOptions: { ...(chromium === undefined ? {} : { executablePath: chromium }), chromiumSandbox: false },
  },
})
