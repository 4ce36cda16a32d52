import type { BackendMessage } from '../contract/backend-process'

export type ParentChannel = {
  readonly isConnected: boolean
  /** Resolves when the message has left, so that the process may end. */
  readonly send: (message: BackendMessage) => Promise<void>
  readonly onDisconnect: (listener: () => void) => void
}

/** As much of Electron's `process.parentPort` as is used here; plain Node has none. */
type UtilityPort = {
  readonly postMessage: (message: unknown) => void
  readonly on: (event: 'close', listener: () => void) => void
}

/** The way to whoever started this process: `fork`, Electron's `utilityProcess`, or nobody. */
export function openParentChannel(): ParentChannel {
  const port = utilityPort()
  if (port !== undefined) {
    return {
      isConnected: true,
      // Electron hands a message over at once and has no word for its arrival; a turn of the loop lets it leave.
      send: async (message) => {
        port.postMessage(message)
        await new Promise((resolve) => setImmediate(resolve))
      },
      onDisconnect: (listener) => port.on('close', listener),
    }
  }
  if (process.send === undefined) {
    return { isConnected: false, send: async () => undefined, onDisconnect: () => undefined }
  }
  return {
    isConnected: true,
    send: (message) =>
      new Promise((resolve) => {
        // A parent that has gone in the meantime is told nothing; `disconnect` says the rest.
        process.send?.(message, undefined, undefined, () => resolve())
      }),
    onDisconnect: (listener) => process.on('disconnect', listener),
  }
}

function utilityPort(): UtilityPort | undefined {
  // Electron defines it with this shape in utility processes alone; its own types name fewer events than there are.
  const { parentPort } = process as { readonly parentPort?: unknown }
  return parentPort as UtilityPort | undefined
}
