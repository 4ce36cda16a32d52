import { resolve } from 'node:path'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { laterParts } from './scripts/later-parts'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** One bundle a process: each input below is the entry of one program (`docs/architecture.md`). */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          electron: at('main/electron/index.ts'),
          'browser-host': at('main/browser/index.ts'),
          'transfer-process': at('main/transfers/transfer-process.ts'),
          backend: at('backend/index.ts'),
          admin: at('backend/admin/index.ts'),
          'media-probe': at('backend/media-probe/index.ts'),
          'hash-worker': at('backend/blobs/hash-worker.ts'),
          'archive-worker': at('backend/archives/archive-worker.ts'),
          'transfer-hash-worker': at('main/transfers/hash-worker.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        // A sandboxed preload must be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US', 'ar-AE'] }), enforce: 'pre' }, laterParts()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      // What comes later is held to its digest by us (`renderer/frame/later-parts.ts`), and Vite loads none of it beforehand.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_, names, { hostType }) => (hostType === 'html' ? names : []),
      },
      // Small fonts must stay files: `font-src 'self'` refuses data: addresses.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        // The browser host's counterpart of the preload is a page script: it is put in front of the page by that host alone.
        input: { index: at('renderer/index.html'), 'browser-host': at('preload/browser-host.ts') },
        output: { entryFileNames: (chunk) => (chunk.name === 'browser-host' ? '[name].js' : 'assets/[name]-[hash].js') },
      },
    },
  },
})
