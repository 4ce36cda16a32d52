import { join } from 'node:path'
import { build } from 'vite'
import { root } from './processes.mjs'

/** Builds programs out of the backend's own modules as the product is built, for what cannot be measured from outside of it. */
export async function buildBackend({ outDir, input, plugins = [] }) {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins,
    ssr: { noExternal: true, external: ['@node-rs/argon2', 'keytar', 'mediainfo.js'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(root, path)])),
      },
    },
  })
  return outDir
}
