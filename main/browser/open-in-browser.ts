import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Long enough for a browser that has to start first; then the secret is in no file any more. */
const fileLifeMs = 30_000

/**
 * A small file that only this person can read and that sends a browser on to the address: the secret must not be in a command
 * line, which other users of this computer can read (`security.md` 2.3, point 4). Removed after a while and by `dispose`.
 */
export function createRedirectFile(folder: string): { write(address: string): string } & Disposable {
  const path = join(folder, 'open.html')
  const remove = (): void => rmSync(path, { force: true })
  let timer: NodeJS.Timeout | undefined
  remove()
  return {
    write: (address) => {
      const target = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
      remove()
      const html = `<!doctype html><meta http-equiv="refresh" content="0;url=${target}"><title>Reelport</title>`
      writeFileSync(path, html, { mode: 0o600, flag: 'wx' })
      clearTimeout(timer)
      timer = setTimeout(remove, fileLifeMs).unref()
      return path
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      remove()
    },
  }
}

/** Shows a file in the person's browser. */
export function openInBrowser(path: string): void {
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
}
