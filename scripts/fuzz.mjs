import { buildIfChanged } from './build-if-changed.mjs'
import { runWithKeychain } from './private-keychain.mjs'
import { bin } from './project.mjs'

/** `npm run fuzz`: 100,000 hostile calls of the page to main, through the built bundles; `npm run fuzz -- 5000` for fewer. */
process.env.FUZZ_COUNT = process.argv[2] ?? '100000'
buildIfChanged()
const args = ['test', '--config', 'test/playwright.config.ts', '-g', 'nothing runs, loads']
process.exit(runWithKeychain([bin('playwright', '@playwright/test'), ...args]).status ?? 1)
