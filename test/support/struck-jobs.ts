import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { backupSchema } from '../../contract/backups'
import { isEnded } from '../../contract/job-end'
import { jobStatusSchema, type JobStatus } from '../../contract/jobs'
import { type Answer, send, startTestBackend } from './backend'
import { backUp, idOf, placeVideos } from './backups'
import { type BackendProcess, startBackendProcess } from './backend-process'

const killer = pathToFileURL(join(import.meta.dirname, 'kill-at-write.mjs')).href

export type Prepared = { readonly dataFolder: string; readonly token: string; readonly backupId: string }

/**
 * A data folder with a library, a backup of it, and half of the library lost again. No backend runs on it.
 * @param sizesBytes of the videos, in turn
 */
export async function prepareLibrary(
  dataFolder: string,
  videos: number,
  sizesBytes: readonly number[] = [2000],
): Promise<Prepared> {
  mkdirSync(dataFolder, { recursive: true })
  const server = await startTestBackend({ dataFolder })
  const user = await server.signUp('struck')
  const made = Array.from({ length: videos }, (_, index) => ({
    filename: `video ${String(index).padStart(3, '0')}.mp4`,
    bytes: randomBytes(sizesBytes[index % sizesBytes.length] ?? 0),
  }))
  const ids = await placeVideos(server, await idOf(user), made)
  const { id: backupId } = await backUp(server, user)
  for (const id of ids.slice(0, videos / 2)) await user.send('DELETE', `/videos/${id}`)
  await server[Symbol.asyncDispose]()
  return { dataFolder, token: user.token, backupId }
}

export type JobKindStruck = 'backup' | 'restore' | 'replace'

export type Strike = (dataFolder: string) => Promise<BackendProcess>

/** `old`: as it was before the job; `new`: all of the backup; anything else is neither. Each file has the bytes of its row. */
export type LibraryState = 'old' | 'new' | `neither: ${string}`

/** A backend that dies at the n-th write of a job. */
export function strikeAtWrite(killAt: number): Strike {
  return (dataFolder) =>
    startBackendProcess(dataFolder, [], {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', killer],
      env: { COUNT_WRITES_FROM: 'insert into "jobs"', KILL_AT_WRITE: String(killAt) },
    })
}

export type Outcome = {
  /** What the library was right after the blow, and in the end. */
  readonly after: LibraryState
  readonly end: LibraryState
  /** null where the blow came before there was a job. */
  readonly state: JobStatus['state'] | null
  readonly restarts: number
  /** Files of videos, and archives, that nothing refers to. */
  readonly leftOver: number
}

/** Begins a job on a copy of a data folder, lets the backend die in the middle, starts it again, and waits for the end. */
export async function strike(
  { dataFolder: from, token, backupId }: Prepared,
  kind: JobKindStruck,
  {
    dataFolder,
    by,
    again = startBackendProcess,
  }: {
    readonly dataFolder: string
    readonly by: Strike
    /** How it is started after the blow. */
    readonly again?: (dataFolder: string) => Promise<BackendProcess>
  },
): Promise<Outcome> {
  cpSync(from, dataFolder, { recursive: true })
  const before = idsOf(from)
  const look = (): LibraryState => stateOf(dataFolder, { before, isReplacing: kind === 'replace' })
  let restarts = 0
  {
    await using struck = await by(dataFolder)
    const gone = once(struck.child, 'exit')
    await beginJob(struck, { token, backupId }, kind).catch(() => undefined)
    // It dies, or it was done before the blow would have come.
    await Promise.race([gone, untilEnded(struck, token, kind).catch(() => gone)])
    if (struck.child.signalCode !== null) restarts += 1
  }
  const after = look()
  await using backend = await again(dataFolder)
  const job = await untilEnded(backend, token, kind)
  // What was replaced is removed after the commit.
  const deadline = Date.now() + 5_000
  while (countLeftOver(dataFolder) !== 0 && Date.now() < deadline) await wait(10)
  const leftOver = countLeftOver(dataFolder)
  return { after, end: look(), state: job?.state ?? null, restarts, leftOver }
}

/** A job from its request to its end. */
export async function runJob(
  backend: BackendProcess,
  prepared: Pick<Prepared, 'token' | 'backupId'>,
  kind: JobKindStruck,
): Promise<void> {
  await beginJob(backend, prepared, kind)
  await untilEnded(backend, prepared.token, kind)
}

/** Asks for a job, and gives the answer. */
export async function beginJob(
  { url }: BackendProcess,
  { token, backupId }: Pick<Prepared, 'token' | 'backupId'>,
  kind: JobKindStruck,
): Promise<Answer> {
  const body = kind === 'backup' ? {} : { json: { backupId, mode: kind === 'replace' ? 'replace' : 'merge' } }
  return send(url + (kind === 'backup' ? '/backups' : '/restores'), 'POST', { token, ...body })
}

/** null where the blow came before there was a job. */
async function untilEnded({ url }: BackendProcess, token: string, kind: string): Promise<JobStatus | null> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const job = await newestJob(url, token, kind)
    if (job === null || isEnded(job.state)) return job
    if (Date.now() > deadline) throw new Error(`a job stayed at ${job.state}`)
    await wait(10)
  }
}

/** The job of this kind that was begun last; null where there is none. */
export async function newestJob(url: string, token: string, kind: string): Promise<JobStatus | null> {
  if (kind !== 'backup') {
    const { restores } = (await send(`${url}/restores`, 'GET', { token })).json() as { restores: unknown[] }
    return restores.length === 0 ? null : jobStatusSchema.parse(restores[0])
  }
  const { backups } = (await send(`${url}/backups`, 'GET', { token })).json() as { backups: unknown[] }
  const { id } = backupSchema.parse(backups[0])
  return backupSchema.parse((await send(`${url}/backups/${id}`, 'GET', { token })).json()).job
}

export function stateOf(
  dataFolder: string,
  { before, isReplacing }: { readonly before: readonly string[]; readonly isReplacing: boolean },
): LibraryState {
  const ids = idsOf(dataFolder)
  for (const id of ids) {
    const path = join(dataFolder, 'videos', id)
    const { sha256 } = query(dataFolder, 'SELECT sha256 FROM videos WHERE id = ?', id)
    const found = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'no file'
    if (found !== sha256) return `neither: ${id} is ${found}`
  }
  const kept = before.filter((id) => ids.includes(id)).length
  if (ids.length === before.length && kept === before.length) return 'old'
  // The backup has twice as many; one that replaces leaves none of those that were there.
  if (ids.length === before.length * 2 && kept === (isReplacing ? 0 : before.length)) return 'new'
  return `neither: ${ids.length} videos, ${kept} of them old`
}

export function idsOf(dataFolder: string): string[] {
  return queryAll(dataFolder, 'SELECT id FROM videos').map(({ id }) => String(id))
}

function countVideos(dataFolder: string): number {
  return Number(query(dataFolder, 'SELECT count(*) AS count FROM videos')['count'])
}

/** Files of videos, and archives, that nothing refers to. */
export function countLeftOver(dataFolder: string): number {
  const files = readdirSync(join(dataFolder, 'videos')).length - countVideos(dataFolder)
  const archives = readdirSync(join(dataFolder, 'archives')).length
  return files + archives - Number(query(dataFolder, "SELECT count(*) AS count FROM backups WHERE state = 'ready'")['count'])
}

function query(dataFolder: string, text: string, ...values: readonly string[]): Record<string, unknown> {
  return queryAll(dataFolder, text, ...values)[0] ?? {}
}

function queryAll(dataFolder: string, text: string, ...values: readonly string[]): Record<string, unknown>[] {
  const database = new DatabaseSync(join(dataFolder, 'reelport.sqlite'), { readOnly: true })
  try {
    return database.prepare(text).all(...values)
  } finally {
    database.close()
  }
}
