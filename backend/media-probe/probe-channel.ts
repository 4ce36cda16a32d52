import { parentPort as threadPort } from 'node:worker_threads'

export type ProbeChannel = {
  readonly onMessage: (listener: (message: unknown) => void) => void
  readonly send: (message: unknown) => void
}

/** As much of Electron's `process.parentPort` as is used here. */
type UtilityPort = {
  readonly on: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void
  readonly postMessage: (message: unknown) => void
}

/** The way to whoever started the probe: a worker thread's port, Electron's utility process, or `fork`. */
export function openProbeChannel(): ProbeChannel {
  const thread = threadPort
  if (thread !== null) {
    return { onMessage: (listener) => thread.on('message', listener), send: (message) => thread.postMessage(message) }
  }
  if ('parentPort' in process && process.parentPort !== undefined) {
    // Electron defines it with this shape in utility processes alone.
    const port = process.parentPort as UtilityPort
    return {
      onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
      send: (message) => port.postMessage(message),
    }
  }
  if (process.send === undefined) throw new Error('the media probe is started by another program')
  // Without its parent nobody would read an answer.
  process.on('disconnect', () => process.exit(0))
  return { onMessage: (listener) => process.on('message', listener), send: (message) => process.send?.(message) }
}
