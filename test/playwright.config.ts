import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const chromium = process.env['CHROMIUM_PATH'] ?? places.find((path) => existsSync(path))

/**
 * Chromium draws parts of its own frame as pages, also where nobody sees one: two thirds of what a page costs to open. The switch
 * takes the place of Playwright's, so its names (of the version that is pinned) stand here too.
 */
const disabledFeatures = [
  'AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable',
  'LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch',
  'WebUIReloadButton,WebUIToolbar,WebUILocationBar,InitialWebUI',
].join(',')

export default defineConfig({
  testDir: join(import.meta.dirname, 'e2e'),
  outputDir: join(import.meta.dirname, '..', 'test-results', 'e2e'),
  reporter: [['list'], ['json', { outputFile: join(import.meta.dirname, '..', 'test-results', 'e2e.json') }]],
  // Most of a test is waiting for processes, lines and the pace that it asked for: one more than the cores of a small machine.
  // What is proven one layer below as well has its time in the long run: `REELPORT_E2E=long npm test -- e2e`.
  ...(process.env['REELPORT_E2E'] === 'long' ? {} : { grepInvert: /@long/ }),
  workers: 3,
  fullyParallel: true,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  use: {
    headless: true,
    viewport: { width: 1180, height: 800 },
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      chromiumSandbox: false,
      args: [`--disable-features=${disabledFeatures}`],
    },
  },
})
