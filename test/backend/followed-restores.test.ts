import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupId } from '../../contract/ids'
import { uploadIdSchema } from '../../contract/ids'
import { isEnded } from '../../contract/job-end'
import { jobStatusSchema, type JobStatus } from '../../contract/jobs'
import { send, startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import {
  archivePath,
  backUp,
  beginRestore,
  beginWithToken,
  followWithToken,
  idOf,
  libraryOf,
  placeVideos,
  restore,
  signOutAndGoOn,
  statusOf,
  tempTokenFor,
  until,
} from '../support/backups'
import { metadata, octets, tus } from '../support/tus'

let server: TestBackend
beforeAll(async () => {
  server = await startTestBackend()
})
afterAll(() => server[Symbol.asyncDispose]())

type Lost = { readonly user: TestUser; readonly backupId: BackupId; readonly token: string }

/** Somebody with a backup of many videos, none of which is left, and a token for one restore. */
async function loseLibrary(username: string, count = 100): Promise<Lost> {
  const user = await server.signUp(username)
  const made = Array.from({ length: count }, (_, index) => ({ filename: `${index}.mp4` }))
  const ids = await placeVideos(server, await idOf(user), made)
  const { id: backupId } = await backUp(server, user)
  await server.backend.db.deleteFrom('videos').where('id', 'in', ids).execute()
  return { user, backupId, token: await tempTokenFor(user, { operation: 'restore' }) }
}

const begin = ({ backupId, token }: Lost): Promise<JobStatus> => beginWithToken(server, token, backupId)
const follow = (id: string, token: string) => followWithToken(server, id, token)

describe('a restore that was begun with a temporary token', () => {
  it('is followed to its end after the session ran out, also as the scripts of old do it, and by nothing else', async () => {
    const lost = await loseLibrary('expired')
    const { id } = await begin(lost)
    await server.backend.db
      .updateTable('sessions')
      .set({ expiresAt: server.clock.now - 1 })
      .where('userId', '=', await idOf(lost.user))
      .execute()
    const denied = await lost.user.send('GET', '/restores')
    expect([denied.status, denied.problem().session_expired]).toEqual([401, true])
    const ended = await until(async () => jobStatusSchema.parse((await follow(id, lost.token)).json()))
    expect(ended).toMatchObject({ state: 'done', succeeded: 100, processed: 100, bytesDone: 200_000 })
    const old = await server.send('GET', `/restore-progress/${id}/status/?temp_token=${lost.token}`)
    expect(jobStatusSchema.parse(old.json())).toEqual(ended)
    const again = await server.send('POST', '/restores', {
      headers: { 'x-temp-token': lost.token },
      json: { backupId: lost.backupId },
    })
    // Asked for again because the answer got lost: the same restore, not another one.
    expect(jobStatusSchema.parse(again.json()).id).toBe(id)
    for (const path of ['/restores', '/backups', '/videos', `/backups/${lost.backupId}/entries`]) {
      expect((await server.send('GET', path, { headers: { 'x-temp-token': lost.token } })).status).toBe(401)
    }
    const other = await follow('another-restore', lost.token)
    expect(other.status).toBe(403)
  })

  it('ends at once with a sign-out: nobody follows it, it rests with nothing changed, and goes on after a sign-in', async () => {
    const lost = await loseLibrary('revoked', 500)
    const { id } = await begin(lost)
    const { back } = await signOutAndGoOn(server, lost.user, { username: 'revoked', id, token: lost.token })
    expect(await statusOf(back, id)).toMatchObject({ state: 'done', succeeded: 500 })
  })

  it('is not gone on with after a start where its session was ended meanwhile, nor for an account that was disabled', async () => {
    const lost = await loseLibrary('ended', 4)
    const job = await beginRestore(lost.user, { backupId: lost.backupId })
    await server.backend.jobsEnded()
    const userId = await idOf(lost.user)
    const { db } = server.backend
    await db.deleteFrom('videos').where('userId', '=', userId).execute()
    const waiting = { state: 'waiting' as const, step: 0, endedAt: null }
    await db.updateTable('jobs').set(waiting).where('id', '=', job.id).execute()
    await lost.user.send('POST', '/auth/logout')
    await server.restart()
    await server.backend.jobsEnded()
    const back = await server.signIn('ended')
    expect(await statusOf(back, job.id)).toMatchObject({ state: 'paused', code: 'signed-out' })
    await server.backend.db.updateTable('users').set({ disabledAt: 1 }).where('id', '=', userId).execute()
    await server.backend.db.updateTable('jobs').set({ state: 'waiting' }).where('id', '=', job.id).execute()
    await server.restart()
    await server.backend.jobsEnded()
    const row = await server.backend.db.selectFrom('jobs').selectAll().where('id', '=', job.id).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ state: 'failed', code: 'account-disabled' })
  })
})

describe('what a person does with a restore', () => {
  it('rests, goes on, and is cancelled with or without what is ready, and never more than once', async () => {
    const lost = await loseLibrary('acts', 500)
    const { user, backupId } = lost
    const job = await beginRestore(user, { backupId: backupId })
    await user.send('POST', `/restores/${job.id}/pause`)
    const resting = await until(
      () => statusOf(user, job.id),
      ({ state }) => state === 'paused' || isEnded(state),
    )
    if (resting.state === 'paused') {
      expect(await libraryOf(user)).toEqual([])
      const kept = await user.send('POST', `/restores/${job.id}/cancel`, { json: { keep: true } })
      expect(kept.status).toBe(200)
      await server.backend.jobsEnded()
      const { state, succeeded } = await statusOf(user, job.id)
      expect([state, succeeded]).toEqual(['cancelled', resting.succeeded])
      expect((await user.quota()).stored.videos_count).toBe(succeeded)
      await server.backend.db
        .deleteFrom('videos')
        .where('userId', '=', await idOf(user))
        .execute()
    }
    expect((await user.send('POST', `/restores/${job.id}/cancel`, { json: {} })).status).toBe(409)
    const other = await beginRestore(user, { backupId: backupId, mode: 'replace' })
    await user.send('POST', `/restores/${other.id}/cancel`, { json: { keep: true } })
    const ended = await until(() => statusOf(user, other.id))
    // One that replaces is all or nothing, however it was asked.
    expect((await user.quota()).stored.videos_count).toBe(ended.state === 'done' ? 500 : 0)
  })

  it('waits its turn behind another of the same user, and says so', async () => {
    const lost = await loseLibrary('turns', 300)
    const first = await beginRestore(lost.user, { backupId: lost.backupId })
    const second = await beginRestore(lost.user, { backupId: lost.backupId })
    const [one, two] = [await statusOf(lost.user, first.id), await statusOf(lost.user, second.id)]
    if (!isEnded(one.state)) expect(two).toMatchObject({ state: 'waiting', waitsFor: 'restore' })
    await server.backend.jobsEnded()
    expect(await statusOf(lost.user, second.id)).toMatchObject({ state: 'done', succeeded: 0, skipped: 300 })
  })
})

describe('an archive from a disk', () => {
  it('is sent like any upload, takes no quota, and is brought back; what is not one is refused and leaves nothing', async () => {
    const lost = await loseLibrary('from-disk', 3)
    const { user, backupId } = lost
    const bytes = readFileSync(archivePath(server, { id: backupId }))
    await user.send('DELETE', `/backups/${backupId}`)
    const sendArchive = async (body: Uint8Array<ArrayBuffer>) => {
      const pairs = { filename: 'backup.zip', purpose: 'archive' }
      const headers = { ...octets, 'upload-length': String(body.length), 'upload-metadata': metadata(pairs) }
      return user.send('POST', '/uploads', { headers, body })
    }
    const quota = await user.quota()
    const sent = await sendArchive(new Uint8Array(bytes))
    expect([sent.status, (await user.quota()).usage]).toEqual([201, quota.usage])
    const uploadId = uploadIdSchema.parse(sent.headers.get('location')?.split('/').at(-1))
    expect(await restore(server, user, { uploadId: uploadId })).toMatchObject({ state: 'done', succeeded: 3 })
    expect(await libraryOf(user)).toHaveLength(3)

    const struck = new Uint8Array(bytes)
    struck[struck.length - 200] = (struck[struck.length - 200] ?? 0) ^ 1
    const refusals = [
      await sendArchive(struck),
      await sendArchive(new Uint8Array(bytes.subarray(0, 900))),
      await sendArchive(new Uint8Array(Buffer.from('not an archive at all'))),
    ]
    expect(refusals.map(({ status }) => status)).toEqual([422, 422, 422])
    const { problem } = refusals[1] ?? { problem: () => null }
    expect(problem()?.code).toMatch(/^archive_/)
    const stranger = await server.signUp('from-disk-stranger')
    const asStranger = await send(`${server.url}/uploads`, 'POST', {
      token: stranger.token,
      headers: {
        ...tus,
        ...octets,
        'upload-length': String(bytes.length),
        'upload-metadata': metadata({ filename: 'backup.zip', purpose: 'archive' }),
      },
      body: new Uint8Array(bytes),
    })
    expect(asStranger.problem().code).toBe('archive_of_another_user')
    const { backups } = (await user.send('GET', '/backups')).json() as { backups: { origin: string }[] }
    expect(backups.map(({ origin }) => origin)).toEqual(['sent'])
  })
})
