import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { backupSchema } from '../../contract/backups'
import { isEnded } from '../../contract/job-end'
import { jobStatusSchema, type JobStatus } from '../../contract/jobs'
import { send, startTestBackend } from './backend'
import { backUp, idOf, placeVideos } from './backups'
import { type BackendProcess, startBackendProcess } from './backend-process'

const killer = pathToFileURL(join(import.meta.dirname, 'kill-at-write.mjs')).href

export type Prepared = { readonly dataFolder: string; readonly token: string; readonly backupId: string }

/** A data folder with a library, a backup of it, and half of the library lost again. No backend runs on it. */
export async function prepareLibrary(dataFolder: string, videos: number): Promise<Prepared> {
  mkdirSync(dataFolder, { recursive: true })
  const server = await startTestBackend({ dataFolder })
  const user = await server.signUp('struck')
  const made = Array.from({ length: videos }, (_, index) => ({ filename: `video ${String(index).padStart(3, '0')}.mp4` }))
  const ids = await placeVideos(server, await idOf(user), made)
  const { id: backupId } = await backUp(server, user)
  for (const id of ids.slice(0, videos / 2)) await user.send('DELETE', `/videos/${id}`)
  await server[Symbol.asyncDispose]()
  return { dataFolder, token: user.token, backupId }
}

export type Strike = (dataFolder: string) => Promise<BackendProcess>

/** A backend that dies at the n-th write of a job. */
export function strikeAtWrite(killAt: number): Strike {
  return (dataFolder) =>
    startBackendProcess(dataFolder, [], {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', killer],
      env: { COUNT_WRITES_FROM: 'insert into "jobs"', KILL_AT_WRITE: String(killAt) },
    })
}

export type Outcome = {
  /** How many videos the library had right after the blow, and in the end. */
  readonly after: number
  readonly end: number
  readonly state: JobStatus['state']
  readonly restarts: number
  /** Files of videos, and archives, that nothing refers to. */
  readonly leftOver: number
}

/** Begins a job on a copy of a data folder, lets the backend die in the middle, starts it again, and waits for the end. */
export async function strike(
  { dataFolder: from, token, backupId }: Prepared,
  kind: 'backup' | 'restore' | 'replace',
  { dataFolder, by }: { readonly dataFolder: string; readonly by: Strike },
): Promise<Outcome> {
  cpSync(from, dataFolder, { recursive: true })
  let restarts = 0
  {
    await using struck = await by(dataFolder)
    const gone = once(struck.child, 'exit')
    const body = kind === 'backup' ? {} : { json: { backupId, mode: kind === 'replace' ? 'replace' : 'merge' } }
    const path = kind === 'backup' ? '/backups' : '/restores'
    await send(struck.url + path, 'POST', { token, ...body }).catch(() => undefined)
    // It dies, or it was done before the blow would have come.
    await Promise.race([gone, untilEnded(struck, token, kind).catch(() => gone)])
    if (struck.child.signalCode !== null) restarts += 1
  }
  const after = countVideos(dataFolder)
  await using backend = await startBackendProcess(dataFolder)
  const job = await untilEnded(backend, token, kind)
  // What was replaced is removed after the commit.
  const deadline = Date.now() + 5_000
  while (countLeftOver(dataFolder) !== 0 && Date.now() < deadline) await wait(10)
  const leftOver = countLeftOver(dataFolder)
  return { after, end: countVideos(dataFolder), state: job?.state ?? 'cancelled', restarts, leftOver }
}

/** null where the blow came before there was a job. */
async function untilEnded({ url }: BackendProcess, token: string, kind: string): Promise<JobStatus | null> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const job = await newest(url, token, kind)
    if (job === null || isEnded(job.state)) return job
    if (Date.now() > deadline) throw new Error(`a job stayed at ${job.state}`)
    await wait(10)
  }
}

async function newest(url: string, token: string, kind: string): Promise<JobStatus | null> {
  if (kind !== 'backup') {
    const { restores } = (await send(`${url}/restores`, 'GET', { token })).json() as { restores: unknown[] }
    return restores.length === 0 ? null : jobStatusSchema.parse(restores[0])
  }
  const { backups } = (await send(`${url}/backups`, 'GET', { token })).json() as { backups: unknown[] }
  const { id } = backupSchema.parse(backups[0])
  return backupSchema.parse((await send(`${url}/backups/${id}`, 'GET', { token })).json()).job
}

function countVideos(dataFolder: string): number {
  return Number(query(dataFolder, 'SELECT count(*) AS count FROM videos')['count'])
}

function countLeftOver(dataFolder: string): number {
  const files = readdirSync(join(dataFolder, 'videos')).length - countVideos(dataFolder)
  const archives = readdirSync(join(dataFolder, 'archives')).length
  return files + archives - Number(query(dataFolder, "SELECT count(*) AS count FROM backups WHERE state = 'ready'")['count'])
}

function query(dataFolder: string, text: string): Record<string, unknown> {
  const database = new DatabaseSync(join(dataFolder, 'reelport.sqlite'), { readOnly: true })
  try {
    return database.prepare(text).get() ?? {}
  } finally {
    database.close()
  }
}
