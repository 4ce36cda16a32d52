import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupId, UserId } from '../../../contract/ids'
import { isEnded } from '../../../contract/job-end'
import { createBackendClient } from '../../../main/backend/backend-client'
import { createRestores, type Restores } from '../../../main/restores/restores'
import type { SessionState } from '../../../main/sessions/session-state'
import type { Sessions } from '../../../main/sessions/sessions'
import { startTestBackend, type TestBackend, type TestUser } from '../../support/backend'
import { backUp, idOf, placeVideos } from '../../support/backups'
import { memoryLog } from '../../support/memory-log'
import { stoppedClock, type StoppedClock } from '../../support/stopped-clock'
import { signedIn } from '../live/signed-in'

let server: TestBackend
beforeAll(async () => {
  server = await startTestBackend()
})
afterAll(() => server[Symbol.asyncDispose]())

type Desk = {
  readonly restores: Restores
  readonly stopped: StoppedClock
  readonly user: TestUser
  readonly userId: UserId
  readonly backupId: BackupId
  /** The backend is there, or is not. */
  readonly line: { isUp: boolean }
  readonly signOut: () => void
}

/** Somebody at this app with a backup whose videos are lost. */
async function sitDown(username: string): Promise<Desk> {
  const user = await server.signUp(username)
  const userId = await idOf(user)
  const ids = await placeVideos(server, userId, [{ filename: 'a.mp4' }, { filename: 'b.mp4' }])
  const { id: backupId } = await backUp(server, user)
  await server.backend.db.deleteFrom('videos').where('id', 'in', ids).execute()
  const line = { isUp: true }
  const client = createBackendClient(() => (line.isUp ? server.url : null))
  let state: SessionState = signedIn
  // The session alone is not the real one here: its token is this person's.
  const sessions: Pick<Sessions, 'call' | 'status'> = {
    status: () => state,
    call: (name, options) => client.call(name, { ...options, token: user.token }),
  }
  const stopped = stoppedClock()
  const restores = createRestores({ client, sessions, clock: stopped.clock, log: memoryLog().log })
  restores.setAccount({ userId, isExpired: false })
  const signOut = (): void => {
    const nobody = { isFirstAccount: false, canRegister: true, providers: [], deviceName: 'Home-PC' }
    state = { kind: 'signed-out', ended: null, ...nobody }
  }
  return { restores, stopped, user, userId, backupId, line, signOut }
}

const only = (restores: Restores) => restores.followed()[0]

/** Lets time pass until the follower has seen what is wanted. */
async function see(desk: Desk, isThere: () => boolean): Promise<void> {
  // The backend is a real one and takes its time, however far this clock is moved.
  const deadline = Date.now() + 20_000
  while (!isThere() && Date.now() < deadline) {
    await desk.stopped.advance(5_000)
    await wait(2)
  }
  expect(isThere()).toBe(true)
}

describe('a restore that the app follows', () => {
  it('is followed after the session ran out, without names, and to its end', async () => {
    const desk = await sitDown('follows')
    await desk.restores.start({ backupId: desk.backupId })
    await server.backend.db
      .updateTable('sessions')
      .set({ expiresAt: server.clock.now - 1 })
      .where('userId', '=', desk.userId)
      .execute()
    desk.signOut()
    desk.restores.setAccount({ userId: desk.userId, isExpired: true })
    await see(desk, () => isEnded(only(desk.restores)?.status.state ?? 'waiting'))
    expect(only(desk.restores)).toMatchObject({
      isUnreadable: false,
      status: { state: 'done', succeeded: 2, current: null },
    })
    desk.restores.setAccount(null)
    expect(desk.restores.followed()).toEqual([])
  })

  it('says after five reads in a row that it cannot be read, never that it failed, and recovers by itself', async () => {
    const desk = await sitDown('unreadable')
    await desk.restores.start({ backupId: desk.backupId })
    desk.line.isUp = false
    await see(desk, () => only(desk.restores)?.isUnreadable === true)
    expect(isEnded(only(desk.restores)?.status.state ?? 'done')).toBe(false)
    desk.line.isUp = true
    desk.restores.tryAgain()
    await see(desk, () => only(desk.restores)?.status.state === 'done')
    expect(only(desk.restores)?.isUnreadable).toBe(false)
  })

  it('is there again after a start, and gone at once with a sign-out', async () => {
    const desk = await sitDown('again')
    const { id } = await desk.restores.start({ backupId: desk.backupId })
    await see(desk, () => only(desk.restores)?.status.state === 'done')
    const rest = { state: 'paused' as const, endedAt: null }
    await server.backend.db.updateTable('jobs').set(rest).where('id', '=', id).execute()
    desk.restores.setAccount(null)
    desk.restores.setAccount({ userId: desk.userId, isExpired: false })
    await desk.restores.look()
    expect(only(desk.restores)?.status).toMatchObject({ id, state: 'paused' })
    await desk.user.send('POST', '/auth/logout')
    desk.signOut()
    await see(desk, () => desk.restores.followed().length === 0)
  })
})
