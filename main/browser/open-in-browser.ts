import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Long enough for a browser that has to start first; then the secret is in no file any more. */
const fileLifeMs = 30_000

/**
 * Opens the page in the person's browser. The secret must not be in a command line, which other users of this computer can
 * read: so a small file that only this person can read sends the browser on (`security.md` 2.3, point 4).
 */
export function openInBrowser(address: string, folder: string): void {
  const path = join(folder, 'open.html')
  const target = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  writeFileSync(path, `<!doctype html><meta http-equiv="refresh" content="0;url=${target}"><title>Reelport</title>`, {
    mode: 0o600,
  })
  const url = pathToFileURL(path).href
  const [program, args]: readonly [string, readonly string[]] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]]
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  // No browser here: the address was printed, and can be opened by hand.
  child.on('error', () => undefined)
  child.unref()
  setTimeout(() => rmSync(path, { force: true }), fileLifeMs).unref()
}
