import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
export const programs = join(root, 'out', 'main')
const ticksPerSecond = 100

/** CPU seconds that a process has used, all threads, children not. Linux only, like this whole benchmark. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The largest resident size that a process has had, in MB (10^6). */
export function peakMegabytes(pid) {
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kibibytes) * 1024) / 1e6
}

/**
 * Uses as much memory as the transfer will need for the page cache, right before its clock starts. A hypervisor takes free memory
 * back within seconds and gives it again page by page: without this, whoever needs longer to start pays for it with seconds.
 */
export function wakeMemory(folder) {
  const path = join(folder, 'wake')
  const file = openSync(path, 'w')
  const slice = Buffer.alloc(1024 * 1024, 1)
  for (let count = 0; count < 1280; count += 1) writeSync(file, slice)
  closeSync(file)
  unlinkSync(path)
}

/** As `main/backend/v8-flags.ts` has them. */
const backendFlags = ['--scavenger-max-new-space-capacity-mb=8']
const transferFlags = [...backendFlags, '--optimize-for-size']

/** Starts a program with a message channel; `next(match)` answers the first message that it accepts. */
export function startProgram(path, args, execArgv = []) {
  const child = fork(path, args, {
    execArgv,
    // As `main/few-arenas.ts` has it.
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const waiting = new Set()
  const listeners = new Set()
  child.on('message', (message) => {
    for (const listener of listeners) listener(message)
    for (const wait of waiting) {
      if (!wait.match(message)) continue
      waiting.delete(wait)
      wait.resolve(message)
    }
  })
  child.on('exit', () => {
    for (const wait of waiting) wait.reject(new Error(`${path} ended`))
  })
  return {
    pid: child.pid,
    child,
    send: (message) => child.connected && child.send(message, () => undefined),
    onMessage: (listener) => listeners.add(listener),
    next: (match) => new Promise((resolve, reject) => waiting.add({ match, resolve, reject })),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    },
  }
}

export async function startBackend(dataDir, { port = 0, folder = programs } = {}) {
  const limits = ['--max-videos', 'none', '--max-minutes', 'none', '--max-file-mb', 'none', '--log-level', 'error']
  const startedAt = performance.now()
  const program = startProgram(
    join(folder, 'backend.js'),
    ['--data-dir', dataDir, '--port', String(port), ...limits],
    backendFlags,
  )
  const { port: listening } = await program.next(({ kind }) => kind === 'ready')
  return { ...program, origin: `http://127.0.0.1:${listening}`, port: listening, readyMs: performance.now() - startedAt }
}

const json = { 'content-type': 'application/json' }

/** Makes the account where it is not there yet, and signs in. */
export async function signIn(origin) {
  const body = JSON.stringify({ username: 'bench', password: 'correct horse battery' })
  await fetch(`${origin}/auth/register`, { method: 'POST', headers: json, body })
  const answer = await fetch(`${origin}/auth/login`, { method: 'POST', headers: json, body })
  return await answer.json()
}

export async function tempToken(origin, token, { operation, uploadId = null }) {
  const headers = { ...json, authorization: `Bearer ${token}` }
  const answer = await fetch(`${origin}/temp-tokens`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ operation, ...(uploadId === null ? {} : { uploadId }) }),
  })
  const { temp_token: value, expires_at: expiresAt } = await answer.json()
  return { tempToken: value, expiresAt }
}

/** A video of this size and digest in the library, asked for as the app's main process asks. */
export async function findTwin(origin, token, { sizeBytes, sha256 }) {
  const digest = sha256 === null ? '' : `&sha256=${sha256}`
  const query = `sizeBytes=${sizeBytes}${digest}&sort=largest&limit=1`
  const answer = await fetch(`${origin}/videos?${query}`, { headers: { authorization: `Bearer ${token}` } })
  const [video] = (await answer.json()).videos
  return video === undefined ? null : { videoId: video.id, name: video.filename, uploadedAt: video.createdAt }
}

/** The app's own engine as the app runs it: the transfer process, with this process in the place of main. */
export async function startEngine({
  dataDir,
  userId,
  origin,
  requestTempToken,
  findTwin: find,
  simultaneousUploads = 1,
  execArgv = transferFlags,
}) {
  mkdirSync(join(dataDir, 'spool'), { recursive: true })
  const program = startProgram(join(programs, 'transfer-process.js'), [], execArgv)
  program.onMessage((message) => {
    const { requestId } = message
    const answer = (kind, asked) =>
      void asked.then(
        (value) => program.send({ kind, requestId, outcome: { ok: true, value } }),
        () => program.send({ kind, requestId, outcome: { ok: false, failure: { code: 'backend-unreachable' } } }),
      )
    if (message.kind === 'temp-token-wanted') answer('temp-token', requestTempToken(message.use))
    if (message.kind === 'twin-wanted') answer('twin', find(message))
  })
  await program.next(({ kind }) => kind === 'hello')
  program.send({
    kind: 'configure',
    dataDir,
    spoolDir: join(dataDir, 'spool'),
    programDir: programs,
    userId,
    backend: { origin, backendId: 'bench' },
    settings: { simultaneousUploads, uploadLimitBytesPerSecond: null },
  })
  return program
}

/** Runs a script of this folder as a process of its own and answers the line of JSON that it prints when it is ready. */
export async function startScript(name, args) {
  const child = spawn(process.execPath, [join(import.meta.dirname, name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { pid: child.pid, child, ready: JSON.parse(String(line)) }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
