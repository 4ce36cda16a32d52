import type { DesktopApi, EventName } from '../contract/desktop'
import type { Reply } from '../contract/failures'
import type { SourceHandle } from '../contract/ids'
import { commandNames } from './bridge'
import { readReply } from './host-messages'
import { openHostSocket } from './host-socket'
import { takePageKeys } from './page-key'
import { spoolFiles } from './spool-files'

/**
 * The browser host's counterpart of the preload: makes `window.desktop` over one WebSocket. Served by that host alone, in
 * front of the page's own script.
 */

const unreadable = { ok: false, failure: { code: 'file-unreadable', detail: 'the browser' } } as const
const unreachable = { ok: false, failure: { code: 'backend-unreachable' } } as const

const keys = takePageKeys()
const eventListeners = new Map<string, Set<(payload: never) => void>>()
const connectionListeners = new Set<(isConnected: boolean) => void>()
const refusalListeners = new Set<() => void>()
let isConnected = false
let isRefused = false

/** Without a key nothing would be answered: the page then says how to get there, as it does without any host. */
const ask =
  keys.length === 0
    ? null
    : openHostSocket(keys, {
        onConnection: (next) => {
          if (isConnected === next) return
          isConnected = next
          for (const listener of connectionListeners) listener(next)
        },
        onEvent: (name, payload) => {
          // Safe: main publishes only pairs of the contract, and it has proved itself.
          for (const listener of eventListeners.get(name) ?? []) listener(payload as never)
        },
        onRefused: () => {
          isRefused = true
          for (const listener of refusalListeners) listener()
        },
      })

const call = (command: string, input: unknown): Promise<Reply<unknown>> =>
  ask === null ? Promise.resolve(unreachable) : ask({ command, input })

async function spool(file: File, onProgress: (takenBytes: number) => void): Promise<Reply<SourceHandle>> {
  // Given on the socket, whose other end has proved itself: what is sent beside it holds no key of this page.
  const ticket = await (ask === null ? unreachable : ask({ ticket: 'spool' }))
  return ticket.ok ? sendFile(file, String(ticket.value), onProgress) : ticket
}

function sendFile(file: File, ticket: string, onProgress: (takenBytes: number) => void): Promise<Reply<SourceHandle>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('PUT', '/spool')
    request.setRequestHeader('X-Spool-Ticket', ticket)
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name))
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded))
    // With the host still there it is the file that went away or changed since it was chosen.
    request.addEventListener('error', () => resolve(isConnected ? unreadable : unreachable))
    request.addEventListener('abort', () => resolve(unreachable))
    request.addEventListener('load', () => {
      if (request.status !== 200) return resolve(unreachable)
      const reply = readReply(JSON.parse(request.responseText))
      // Safe: the host's own answer for this file.
      resolve(reply.ok ? { ok: true, value: reply.value as SourceHandle } : reply)
    })
    request.send(file)
  })
}

const api: DesktopApi<File> = {
  // Safe: one function a command name, as the mapped type demands; the host parses input and makes the answers.
  commands: Object.freeze(
    Object.fromEntries(Object.keys(commandNames).map((name) => [name, (input: unknown) => call(name, input)])),
  ) as DesktopApi<File>['commands'],
  on: (name: EventName, listener: (payload: never) => void) => {
    const listeners = eventListeners.get(name) ?? new Set()
    eventListeners.set(name, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  takeFiles: (files, onProgress) =>
    spoolFiles(files, { spool, discard: (handles) => call('uploads:discard', handles) }, onProgress),
  onConnection: (listener) => {
    connectionListeners.add(listener)
    return () => connectionListeners.delete(listener)
  },
  onRefused: (listener) => {
    if (isRefused) listener()
    refusalListeners.add(listener)
    return () => refusalListeners.delete(listener)
  },
}

if (ask !== null) Object.defineProperty(window, 'desktop', { value: Object.freeze(api) })
