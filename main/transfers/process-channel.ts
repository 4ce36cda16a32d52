/** The line to whoever started this process: Electron's `parentPort`, or the IPC channel of `child_process.fork`. */
export type ProcessChannel = {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The other end is gone. */
  onDisconnect(listener: () => void): void
}

type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * Opens that line.
 * @throws Error where this program was started by hand, with nobody to talk to
 */
export function openProcessChannel(): ProcessChannel {
  // Electron adds `parentPort` in a utility process; its types are not to be seen outside `main/electron/`.
  const parentPort = (process as { parentPort?: ParentPort }).parentPort
  if (parentPort !== undefined) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
      // Chromium ends a utility process together with its parent.
      onDisconnect: () => undefined,
    }
  }
  const send = process.send?.bind(process)
  if (send === undefined) throw new Error('This program is started by Reelport itself')
  return {
    send(message) {
      // Between the parent's death and the event that tells of it, there is nobody to send to.
      if (process.connected) send(message, undefined, undefined, () => undefined)
    },
    onMessage: (listener) => void process.on('message', listener),
    onDisconnect: (listener) => void process.on('disconnect', listener),
  }
}
