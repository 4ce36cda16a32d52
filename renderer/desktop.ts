import type { CommandInput, CommandName, CommandOutput, DesktopApi, EventName, EventPayload } from '../contract/desktop'
import type { Failure, Reply } from '../contract/failures'
import type { SourceHandle } from '../contract/ids'
import { askForProof } from './sessions/proof'

declare global {
  interface Window {
    /** Set by the host before this page's script runs (Electron: the preload; browser host: `/browser-host.js`). */
    readonly desktop?: DesktopApi<File>
  }
}

/** Tells whether a host is there at all: a page opened by itself has none. */
export const hasHost = (): boolean => window.desktop !== undefined

function host(): DesktopApi<File> {
  if (!window.desktop) throw new Error('No host set window.desktop')
  return window.desktop
}

/** A call that broke on the way (a lost connection to the host, a bug in it). Its reference is found in main's log. */
function unexpectedFailure(error: unknown): Failure {
  const reference = `page-${Math.trunc(performance.timeOrigin + performance.now()).toString(36)}`
  logError(error, reference)
  return { code: 'unexpected', reference }
}

/**
 * Asks main for something; where that needs a fresh proof of who asks, the person is asked for it and the command runs again.
 * Always answers a `Reply`, also where the call itself broke, so that no caller needs a `catch`.
 */
export async function command<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
): Promise<Reply<CommandOutput<Name>>> {
  try {
    const reply = await host().commands[name](input)
    const needsProof = !reply.ok && reply.failure.code === 'proof-required'
    return needsProof && (await askForProof()) ? await host().commands[name](input) : reply
  } catch (error) {
    return { ok: false, failure: unexpectedFailure(error) }
  }
}

/** Subscribes to an event of main; answers the function that ends it. */
export function onEvent<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void {
  return host().on(name, listener)
}

/** Tells whether the page still reaches its host; answers the function that ends it. */
export function onConnection(listener: (isConnected: boolean) => void): () => void {
  return host().onConnection(listener)
}

/** Tells that the host does not know this page, for good; answers the function that ends it. */
export function onRefused(listener: () => void): () => void {
  return host().onRefused(listener)
}

/** Hands picked or dropped files over; `onProgress` counts bytes of all of them together (browser host only). */
export async function takeFiles(
  files: readonly File[],
  onProgress: (takenBytes: number) => void,
): Promise<Reply<SourceHandle[]>> {
  try {
    return await host().takeFiles(files, onProgress)
  } catch (error) {
    return { ok: false, failure: unexpectedFailure(error) }
  }
}

/** Writes an error of the page to main's log. A log that cannot be reached is no reason for a second error. */
export function logError(error: unknown, reference: string): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const input = { message: `${reference} ${message}`.slice(0, 2000), stack: stack.slice(0, 8000) }
  const write = async (): Promise<void> => {
    await window.desktop?.commands['app:log-error'](input)
  }
  write().catch((cause: unknown) => console.error('The error could not be logged', cause, input.message))
}
