import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { newId, systemRandom } from '../../backend/ids'
import { createInstanceSeal, type InstanceSeal } from '../../backend/archives/manifest'
import { loadSigningKey } from '../../backend/sessions/signing-key'
import { insertUploads } from '../../backend/uploads/uploads-table'
import { insertVideos, nameKeyOf } from '../../backend/videos/videos-table'
import { backupSchema, restorePlanSchema, restoreReportSchema, type Backup, type RestoreBody } from '../../contract/backups'
import { uploadIdSchema, userIdSchema, videoIdSchema, type BackupId, type UserId } from '../../contract/ids'
import { isEnded } from '../../contract/job-end'
import { jobStatusSchema, type JobStatus } from '../../contract/jobs'
import { userSchema } from '../../contract/sessions'
import { tempTokenAnswerSchema } from '../../contract/sessions'
import { videosPageSchema, type Video } from '../../contract/videos'
import type { TestBackend, TestUser } from './backend'

export async function idOf(user: TestUser): Promise<UserId> {
  return userIdSchema.parse(userSchema.parse((await user.send('GET', '/user/me')).json()).id)
}

/** Videos as uploads leave them, without sending them: their bytes are whatever was asked for. */
export async function placeVideos(
  server: TestBackend,
  userId: UserId,
  videos: readonly { readonly filename: string; readonly bytes?: Buffer }[],
): Promise<string[]> {
  const { db } = server.backend
  const made = videos.map(({ filename, bytes = randomBytes(2000) }, index) => {
    const videoId = newId(videoIdSchema, systemRandom)
    writeFileSync(join(server.dataFolder, 'videos', videoId), bytes)
    return {
      uploadId: newId(uploadIdSchema, systemRandom),
      videoId,
      filename,
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      createdAt: server.clock.now + index,
    }
  })
  await insertUploads(
    db,
    made.map(({ uploadId, videoId, filename, sizeBytes, sha256, createdAt }) => ({
      id: uploadId,
      userId,
      state: 'accepted' as const,
      filename,
      sizeBytes,
      offsetBytes: sizeBytes,
      declaredDurationMs: 0,
      sha256,
      videoId,
      createdAt,
      endedAt: createdAt,
    })),
  )
  await insertVideos(
    db,
    made.map(({ uploadId, videoId, filename, sizeBytes, sha256, createdAt }) => ({
      id: videoId,
      userId,
      uploadId,
      filename,
      nameKey: nameKeyOf(filename),
      sizeBytes,
      durationMs: 1000,
      container: 'mp4',
      mediaType: 'video/mp4',
      videoCodec: null,
      widthPixels: null,
      heightPixels: null,
      sha256,
      thumbnail: 'made' as const,
      createdAt,
    })),
  )
  return made.map(({ videoId }) => videoId)
}

/** Backs up, waits until that is done, and gives the backup. */
export async function backUp(server: TestBackend, user: TestUser): Promise<Backup> {
  const { id } = backupSchema.parse((await user.send('POST', '/backups')).json())
  await server.backend.jobsEnded()
  return backupSchema.parse((await user.send('GET', `/backups/${id}`)).json())
}

export function archivePath(server: Pick<TestBackend, 'dataFolder'>, { id }: Pick<Backup, 'id'>): string {
  return join(server.dataFolder, 'archives', `${id}.zip`)
}

export async function beginRestore(user: TestUser, body: RestoreBody): Promise<JobStatus> {
  const answer = await user.send('POST', '/restores', { json: body })
  if (answer.status !== 202) throw new Error(`a restore answered ${answer.status}: ${answer.text}`)
  return jobStatusSchema.parse(answer.json())
}

/** Restores and waits until that has ended. */
export async function restore(server: TestBackend, user: TestUser, body: RestoreBody): Promise<JobStatus> {
  const { id } = await beginRestore(user, body)
  await server.backend.jobsEnded()
  return statusOf(user, id)
}

export async function statusOf(user: TestUser, id: string): Promise<JobStatus> {
  return jobStatusSchema.parse((await user.send('GET', `/restores/${id}/status`)).json())
}

export async function planOf(user: TestUser, body: RestoreBody) {
  return restorePlanSchema.parse((await user.send('POST', '/restores', { json: { ...body, dryRun: true } })).json())
}

export async function reportOf(user: TestUser, id: string) {
  return restoreReportSchema.parse((await user.send('GET', `/restores/${id}/report`)).json())
}

export async function libraryOf(user: TestUser): Promise<Video[]> {
  return videosPageSchema.parse((await user.send('GET', '/videos?limit=200&sort=name')).json()).videos
}

export async function tempTokenFor(user: TestUser, body: object): Promise<string> {
  return tempTokenAnswerSchema.parse((await user.send('POST', '/temp-tokens', { json: body })).json()).temp_token
}

/** Asks until a job is as it should be; it moves by itself. */
export async function until(
  ask: () => Promise<JobStatus>,
  isThere: (status: JobStatus) => boolean = ({ state }) => isEnded(state),
): Promise<JobStatus> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const status = await ask()
    if (isThere(status)) return status
    if (Date.now() > deadline) throw new Error(`a job stayed at ${JSON.stringify(status)}`)
    await wait(10)
  }
}

/** The seal of a backend's own data folder. */
export function sealOf({ dataFolder }: Pick<TestBackend, 'dataFolder'>): InstanceSeal {
  return createInstanceSeal(loadSigningKey(dataFolder, systemRandom))
}

/** Begins a restore of a backup with a temporary token alone. */
export async function beginWithToken(server: TestBackend, token: string, backupId: BackupId): Promise<JobStatus> {
  const answer = await server.send('POST', '/restores', { headers: { 'x-temp-token': token }, json: { backupId } })
  if (answer.status !== 202) throw new Error(`${answer.status}: ${answer.text}`)
  return jobStatusSchema.parse(answer.json())
}

export const followWithToken = (server: TestBackend, id: string, token: string): ReturnType<TestBackend['send']> =>
  server.send('GET', `/restores/${id}/status`, { headers: { 'x-temp-token': token } })

/**
 * Signs out in the middle of a restore: nobody follows it, it rests with nothing changed where it was not quicker than that, and
 * goes on after a sign-in.
 * @returns who is back, and the restore as it was found
 */
export async function signOutAndGoOn(
  server: TestBackend,
  user: TestUser,
  { username, id, token }: { readonly username: string; readonly id: string; readonly token: string },
): Promise<{ readonly back: TestUser; readonly found: JobStatus }> {
  expect((await user.send('POST', '/auth/logout')).status).toBe(204)
  expect((await followWithToken(server, id, token)).status).toBe(401)
  await server.backend.jobsEnded()
  const back = await server.signIn(username)
  const found = await statusOf(back, id)
  if (found.state === 'done') return { back, found }
  expect(found).toMatchObject({ state: 'paused', code: 'signed-out' })
  expect(await libraryOf(back)).toEqual([])
  await back.send('POST', `/restores/${id}/resume`)
  await server.backend.jobsEnded()
  return { back, found }
}
