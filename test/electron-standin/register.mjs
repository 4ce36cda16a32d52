import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'

// `node --import ./test/electron-standin/register.mjs out/main/electron.js`: the built main bundle runs as it is, with the
// module `electron` answered by the stand-in beside this file. Nothing in node_modules is touched.
const standin = pathToFileURL(join(import.meta.dirname, 'electron.mjs')).href

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === 'electron' ? { url: standin, shortCircuit: true } : nextResolve(specifier, context),
})
