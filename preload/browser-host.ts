import '../contract/without-eval'
import { z } from 'zod'
import { commands, type CommandName, type DesktopApi, type EventName } from '../contract/desktop'
import { failureSchema, type Reply } from '../contract/failures'
import type { SourceHandle } from '../contract/ids'
import { spoolFiles } from './spool-files'

/**
 * The browser host's counterpart of the preload: makes `window.desktop` over one WebSocket. Served by that host alone, in
 * front of the page's own script.
 */

const secretKey = 'reelport.secret'
const longestPauseMs = 5_000

const messageSchema = z.union([
  z.object({ id: z.number(), reply: z.unknown() }),
  z.object({ event: z.string(), payload: z.unknown().optional() }),
])
const replySchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), failure: failureSchema }),
])
const unreadable = { ok: false, failure: { code: 'file-unreadable', detail: 'the browser' } } as const
const unreachable = { ok: false, failure: { code: 'backend-unreachable' } } as const

/** The secret leaves the address bar at once; it lives as long as this tab, so that a reload works. */
function takeSecret(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) {
    sessionStorage.setItem(secretKey, given)
    history.replaceState(null, '', '/')
  }
  return sessionStorage.getItem(secretKey) ?? ''
}

const secret = takeSecret()
const waiting = new Map<number, (reply: Reply<unknown>) => void>()
const eventListeners = new Map<string, Set<(payload: never) => void>>()
const connectionListeners = new Set<(isConnected: boolean) => void>()
const unsent: string[] = []
let socket: WebSocket | null = null
let nextId = 0
let pauseMs = 250
let isConnected = false

function tellConnection(next: boolean): void {
  if (isConnected === next) return
  isConnected = next
  for (const listener of connectionListeners) listener(next)
}

function receive(text: string): void {
  const message = messageSchema.parse(JSON.parse(text))
  if ('event' in message) {
    // Safe: main publishes only pairs of the contract, and this page was served by it.
    for (const listener of eventListeners.get(message.event) ?? []) listener(message.payload as never)
    return
  }
  const settle = waiting.get(message.id)
  waiting.delete(message.id)
  const reply = replySchema.parse(message.reply)
  settle?.(reply.ok ? { ok: true, value: reply.value } : reply)
}

function connect(): void {
  const opened = new WebSocket(`ws://${location.host}/socket`, ['reelport.v1', `secret.${secret}`])
  socket = opened
  opened.addEventListener('open', () => {
    pauseMs = 250
    for (const text of unsent.splice(0)) opened.send(text)
    tellConnection(true)
  })
  opened.addEventListener('message', (event) => receive(String(event.data)))
  opened.addEventListener('close', () => {
    tellConnection(false)
    // What was asked may or may not have happened; whoever asked hears that nobody answered.
    for (const settle of waiting.values()) settle(unreachable)
    waiting.clear()
    unsent.length = 0
    setTimeout(connect, pauseMs)
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
  })
}

function call(command: CommandName, input: unknown): Promise<Reply<unknown>> {
  return new Promise((resolve) => {
    const id = nextId++
    waiting.set(id, resolve)
    const text = JSON.stringify({ id, command, input })
    if (socket?.readyState === WebSocket.OPEN) socket.send(text)
    // Sent when it opens, or answered as unreachable when it closes.
    else if (socket?.readyState === WebSocket.CONNECTING) unsent.push(text)
    else {
      waiting.delete(id)
      resolve(unreachable)
    }
  })
}

function spool(file: File, onProgress: (takenBytes: number) => void): Promise<Reply<SourceHandle>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('PUT', '/spool')
    request.setRequestHeader('X-Reelport-Page', secret)
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name))
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded))
    // With the host still there it is the file that went away or changed since it was chosen.
    request.addEventListener('error', () => resolve(isConnected ? unreadable : unreachable))
    request.addEventListener('abort', () => resolve(unreachable))
    request.addEventListener('load', () => {
      if (request.status !== 200) return resolve(unreachable)
      const reply = replySchema.parse(JSON.parse(request.responseText))
      // Safe: the host's own answer for this file.
      resolve(reply.ok ? { ok: true, value: reply.value as SourceHandle } : reply)
    })
    request.send(file)
  })
}

const api: DesktopApi<File> = {
  // Safe: one function a command name, as the mapped type demands; the host parses input and makes the answers.
  commands: Object.freeze(
    Object.fromEntries(Object.keys(commands).map((name) => [name, (input: unknown) => call(name as CommandName, input)])),
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
}

// Without the secret nothing would be answered: the page then says how to get there, as it does without any host.
if (secret !== '') {
  connect()
  Object.defineProperty(window, 'desktop', { value: Object.freeze(api) })
}
