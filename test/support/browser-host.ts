import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '..', '..')

const linkIn = (printed: string): string | undefined => /Reelport is ready at (\S+)/.exec(printed)?.[1]

export type RunningHost = {
  /** The address that the app printed, with its secret in the fragment: good for one window. */
  readonly link: string
  /** Starts the app once more on the same data, which prints an address for one more window and ends. */
  newLink(): Promise<string>
  readonly pid: number
  /** Everything that the app wrote to its standard error. */
  output(): string
  /** And to its standard output. */
  printed(): string
  stop(signal?: NodeJS.Signals): Promise<void>
} & AsyncDisposable

/** Starts the built app in its browser host, as `npm start` does, on a data folder of the test. */
export async function startBrowserHost(
  dataDir: string,
  {
    env = {},
    args = [],
    port = 0,
    isOpening = false,
  }: {
    readonly env?: Readonly<Record<string, string>>
    readonly args?: readonly string[]
    readonly port?: number
    /** Opens a browser by itself, as `npm start` does. */
    readonly isOpening?: boolean
  } = {},
): Promise<RunningHost> {
  const program = join(root, 'out', 'main', 'browser-host.js')
  if (!existsSync(program)) throw new Error('The app is not built: run `npm run build` first.')
  // Never to the downloads of whoever runs the tests.
  const folders = ['--data-dir', dataDir, '--download-dir', join(dataDir, 'Downloads')]
  const start = (...more: readonly string[]) =>
    spawn(process.execPath, [program, ...(isOpening ? [] : ['--no-open']), ...folders, ...more], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const child = start('--port', String(port), ...args)
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  let printed = ''
  const link = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += String(chunk)
      const found = linkIn(printed)
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${printed}${errors}`)))
  })
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  const newLink = async (): Promise<string> => {
    const again = start()
    const [printed, complaint] = await Promise.all([text(again.stdout), text(again.stderr)])
    const found = linkIn(printed)
    if (found === undefined) throw new Error(`A second start gave no address: ${printed}${complaint}`)
    return found
  }
  return {
    link,
    newLink,
    pid: child.pid ?? 0,
    output: () => errors,
    printed: () => printed,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}
