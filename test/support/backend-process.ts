import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { backendMessageSchema, type BackendMessage } from '../../contract/backend-process'
import { builtProgram } from './backend'

export type BackendProcess = AsyncDisposable & {
  readonly url: string
  readonly child: ChildProcess
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>
}

/** What Node is told before the program, and what is in its environment. */
type Surroundings = {
  readonly execArgv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another one than that of the build. */
  readonly program?: string
}

/** The built backend as a process of its own, started as the app does. */
export async function startBackendProcess(
  dataFolder: string,
  more: readonly string[] = [],
  surroundings: Surroundings = {},
): Promise<BackendProcess> {
  const { child, message } = await forkBackend(dataFolder, more, surroundings)
  if (message.kind === 'failed') throw new Error(`the backend did not start: ${message.detail}`)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url: `http://127.0.0.1:${message.port}`,
    child,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  }
}

/** Starts it and gives its one message, whatever that says. */
export async function forkBackend(
  dataFolder: string,
  more: readonly string[] = [],
  { execArgv = [], env = {}, program = builtProgram('backend.js') }: Surroundings = {},
): Promise<{ readonly child: ChildProcess; readonly message: BackendMessage }> {
  const args = ['--data-dir', dataFolder, '--port', '0', '--log-level', 'warn', ...more]
  const child = fork(program, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
  })
  const [message] = (await once(child, 'message')) as [unknown]
  return { child, message: backendMessageSchema.parse(message) }
}
