import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

/** What a second start gets from the app that runs: an address for one more window, and the file that opens it. */
const answerSchema = z.strictObject({
  address: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/#token=[A-Za-z0-9_-]{43}$/),
  redirectFile: z.string().nullable(),
})
export type AddressAnswer = z.infer<typeof answerSchema>

const requestSchema = z.strictObject({ isOpening: z.boolean() })
const pointerSchema = z.strictObject({ path: z.string().min(1).max(4096) })

/** The names of local sockets are short: 104 bytes on macOS, 108 on Linux. */
const longestSocketPath = 100
const mostRequestLength = 1_000
const mostAnswerLength = 10_000
const answerWithinMs = 2_000
/** The app that has the folder may itself be starting: it takes the lock first and listens last. */
const appearsWithinMs = 5_000

/** Says where the local socket of the app that has this folder is. In a folder that only this person can read. */
const pointerPath = (folder: string): string => join(folder, 'app.door')

function socketPath(folder: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\reelport-${randomBytes(16).toString('hex')}`
  const path = join(folder, 'app.sock')
  return Buffer.byteLength(path) <= longestSocketPath ? path : join(mkdtempSync(join(tmpdir(), 'reelport-')), 'app.sock')
}

/**
 * Lets other starts on the same data folder ask for an address of their own: the printed one is good for one window. Only
 * this person can ask, by the rights of the folder that the socket is in.
 */
export async function answerAddressRequests(
  folder: string,
  issue: (request: { readonly isOpening: boolean }) => AddressAnswer,
): Promise<Disposable> {
  const path = socketPath(folder)
  const isNamed = process.platform === 'win32'
  if (!isNamed) rmSync(path, { force: true })
  const server = createServer((socket) => {
    let text = ''
    socket.setTimeout(answerWithinMs, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      text += String(chunk)
      if (text.length > mostRequestLength) return void socket.destroy()
      if (!text.endsWith('\n')) return
      const request = requestSchema.safeParse(parseJson(text))
      if (request.success) socket.end(JSON.stringify(issue(request.data)))
      else socket.destroy()
    })
  })
  server.listen(path)
  await once(server, 'listening')
  if (!isNamed) chmodSync(path, 0o600)
  const pointer = pointerPath(folder)
  rmSync(pointer, { force: true })
  writeFileSync(pointer, JSON.stringify({ path }), { mode: 0o600, flag: 'wx' })
  return {
    [Symbol.dispose]: () => {
      rmSync(pointer, { force: true })
      server.close()
      if (!isNamed && dirname(path) !== folder) rmSync(dirname(path), { recursive: true, force: true })
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not ours: no schema takes undefined.
    return undefined
  }
}

async function ask(folder: string, isOpening: boolean): Promise<AddressAnswer> {
  const { path } = pointerSchema.parse(parseJson(readFileSync(pointerPath(folder), 'utf8')))
  const socket = connect(path)
  socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('No answer')))
  socket.write(`${JSON.stringify({ isOpening })}\n`)
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.length > mostAnswerLength) socket.destroy()
  }
  return answerSchema.parse(parseJson(text))
}

/** Asks the app that has this folder for one more address. Null where it does not answer (it may be the Electron one). */
export async function requestAddress(
  folder: string,
  { isOpening, patienceMs = appearsWithinMs }: { readonly isOpening: boolean; readonly patienceMs?: number },
): Promise<AddressAnswer | null> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    try {
      return await ask(folder, isOpening)
    } catch (error) {
      // Not listening yet, or a pointer that a killed app left behind: the same until it is replaced.
      if (performance.now() > giveUpAt) return null
      if (!(error instanceof Error)) throw error
      await wait(100)
    }
  }
}
