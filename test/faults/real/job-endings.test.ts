import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupId } from '../../../contract/ids'
import { isEnded } from '../../../contract/job-end'
import { ifVideoExistsSchema, jobStatusSchema, type IfVideoExists, type JobStatus } from '../../../contract/jobs'
import { startTestBackend, type TestBackend, type TestUser } from '../../support/backend'
import {
  backUp,
  beginRestore,
  beginWithToken,
  followWithToken,
  idOf,
  libraryOf,
  placeVideos,
  signOutAndGoOn,
  statusOf,
  tempTokenFor,
  until,
} from '../../support/backups'
import { tell, wanted, whySkipped } from './figures'

/** Enough bytes in enough batches that a restore has a middle. */
const videos = 30
const videoBytes = 3_000_000
const longestMs = 150

/** A few are in `npm test` (`followed-restores.test.ts`). */
describe.skipIf(wanted.jobEndings === 0)(`a restore in whose middle something ends${whySkipped(wanted.jobEndings)}`, () => {
  let server: TestBackend
  beforeAll(async () => {
    server = await startTestBackend()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const emptyLibrary = async (user: TestUser): Promise<void> => {
    for (const { id } of await libraryOf(user)) await user.send('DELETE', `/videos/${id}`)
  }

  /** Somebody with a backup of videos that are lost. */
  const loseLibrary = async (username: string): Promise<{ user: TestUser; backupId: BackupId }> => {
    const user = await server.signUp(username)
    const made = Array.from({ length: videos }, (_, index) => ({ filename: `${index}.mp4`, bytes: randomBytes(videoBytes) }))
    await placeVideos(server, await idOf(user), made)
    const { id: backupId } = await backUp(server, user)
    await emptyLibrary(user)
    return { user, backupId }
  }

  const filesAreThoseOf = async (user: TestUser): Promise<void> => {
    await expect
      .poll(async () => readdirSync(join(server.dataFolder, 'videos')).length - (await libraryOf(user)).length)
      .toBe(0)
  }

  const begin = (token: string, backupId: BackupId): Promise<JobStatus> => beginWithToken(server, token, backupId)
  const follow = (id: string, token: string) => followWithToken(server, id, token)

  it('is followed to its end after the session ran out', { timeout: 60_000 + wanted.jobEndings * 5000 }, async () => {
    const { backupId, user: first } = await loseLibrary('expires')
    const userId = await idOf(first)
    const states: Record<string, number> = {}
    for (let round = 0; round < wanted.jobEndings; round += 1) {
      const user = await server.signIn('expires')
      const token = await tempTokenFor(user, { operation: 'restore' })
      const { id } = await begin(token, backupId)
      await wait(Math.random() * longestMs)
      const { state } = jobStatusSchema.parse((await follow(id, token)).json())
      const ended = { expiresAt: server.clock.now - 1 }
      await server.backend.db.updateTable('sessions').set(ended).where('userId', '=', userId).execute()
      expect((await user.send('GET', '/restores')).status).toBe(401)
      const end = await until(async () => jobStatusSchema.parse((await follow(id, token)).json()))
      expect(end).toMatchObject({ state: 'done', succeeded: videos, failed: 0 })
      const back = await server.signIn('expires')
      expect(await libraryOf(back)).toHaveLength(videos)
      await emptyLibrary(back)
      await filesAreThoseOf(back)
      states[state] = (states[state] ?? 0) + 1
    }
    tell(`a session ran out in the middle of a restore: ${wanted.jobEndings} followed to the end (${said(states)})`, {})
  })

  it(
    'stops with a sign-out, is followed no more, and goes on after a sign-in',
    { timeout: 60_000 + wanted.jobEndings * 5000 },
    async () => {
      const { backupId } = await loseLibrary('revoked')
      const states: Record<string, number> = {}
      for (let round = 0; round < wanted.jobEndings; round += 1) {
        const user = await server.signIn('revoked')
        const token = await tempTokenFor(user, { operation: 'restore' })
        const { id } = await begin(token, backupId)
        await wait(Math.random() * longestMs)
        const { back, found } = await signOutAndGoOn(server, user, { username: 'revoked', id, token })
        expect(await statusOf(back, id)).toMatchObject({ state: 'done', succeeded: videos, failed: 0 })
        expect(await libraryOf(back)).toHaveLength(videos)
        await emptyLibrary(back)
        await filesAreThoseOf(back)
        states[found.state] = (states[found.state] ?? 0) + 1
      }
      expect(states['paused'] ?? 0).toBeGreaterThan(0)
      tell(`a sign-out in the middle of a restore: ${wanted.jobEndings} stopped and gone on with (${said(states)})`, {})
    },
  )

  it(
    'is cancelled at any share, and keeps what was ready or leaves nothing',
    { timeout: 60_000 + wanted.jobEndings * 10_000 },
    async () => {
      const { user, backupId } = await loseLibrary('cancels')
      const shares = [0, 0.01, 0.5, 0.99, 1]
      const rounds = Math.ceil(wanted.jobEndings / shares.length)
      const ends: Record<string, number> = {}
      for (let round = 0; round < rounds; round += 1) {
        for (const share of shares) {
          for (const keep of [false, true]) {
            const mode: IfVideoExists = ifVideoExistsSchema.options[round % ifVideoExistsSchema.options.length] ?? 'merge'
            const { id } = await beginRestore(user, { backupId, mode })
            const isThere = ({ bytesDone, bytesTotal, state }: JobStatus): boolean =>
              isEnded(state) || (share < 1 && bytesTotal > 0 && bytesDone >= share * bytesTotal)
            if (share > 0) await quickly(() => statusOf(user, id), isThere)
            const { status } = await user.send('POST', `/restores/${id}/cancel`, { json: { keep } })
            const end = await until(() => statusOf(user, id))
            if (share === 1) expect(status).toBe(409)
            expect(['done', 'cancelled']).toContain(end.state)
            const kept = keep && mode !== 'replace' ? end.succeeded : 0
            const library = await libraryOf(user)
            expect({ share, keep, mode, library: library.length }).toEqual({
              share,
              keep,
              mode,
              library: end.state === 'done' ? videos : kept,
            })
            expect(end.processed).toBeLessThanOrEqual(end.total)
            await filesAreThoseOf(user)
            await emptyLibrary(user)
            await filesAreThoseOf(user)
            const what = `${share * 100} % ${end.state}`
            ends[what] = (ends[what] ?? 0) + 1
          }
        }
      }
      tell(`restores cancelled at 0, 1, 50, 99 and 100 %: ${rounds * shares.length * 2} (${said(ends)})`, {})
    },
  )
})

/** Asks without a pause: what is waited for passes by quickly. */
async function quickly(ask: () => Promise<JobStatus>, isThere: (status: JobStatus) => boolean): Promise<void> {
  while (!isThere(await ask()));
}

function said(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}
