import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

export type RunningHost = {
  /** The address that the app printed, with its secret in the fragment. */
  readonly link: string
  readonly pid: number
  /** Everything that the app wrote to its standard error. */
  output(): string
  stop(signal?: NodeJS.Signals): Promise<void>
} & AsyncDisposable

/** Starts the built app in its browser host, as `npm start` does, on a data folder of the test. */
export async function startBrowserHost(
  dataDir: string,
  { env = {}, args = [] }: { readonly env?: Readonly<Record<string, string>>; readonly args?: readonly string[] } = {},
): Promise<RunningHost> {
  const program = join(root, 'out', 'main', 'browser-host.js')
  if (!existsSync(program)) throw new Error('The app is not built: run `npm run build` first.')
  const child: ChildProcess = spawn(
    process.execPath,
    [program, '--no-open', '--port', '0', '--data-dir', dataDir, ...args],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let errors = ''
  child.stderr?.on('data', (chunk) => (errors += String(chunk)))
  const link = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += String(chunk)
      const found = /Reelport is ready at (\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${text}${errors}`)))
  })
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return { link, pid: child.pid ?? 0, output: () => errors, stop, [Symbol.asyncDispose]: () => stop() }
}
