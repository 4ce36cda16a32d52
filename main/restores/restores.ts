import type { FollowedRestore } from '../../contract/backup-commands'
import type { RestoreBody } from '../../contract/backups'
import { AppError } from '../../contract/failures'
import type { JobId, UserId } from '../../contract/ids'
import { isEnded } from '../../contract/job-end'
import { type JobStatus, jobStatusSchema } from '../../contract/jobs'
import type { BackendClient } from '../backend/backend-client'
import type { Log } from '../log'
import type { Sessions } from '../sessions/sessions'
import type { Clock } from '../transfers/ports'

/** Restores as this app follows them. All of it is by a temporary token, which outlives the session that made it. */
export type Restores = Disposable & {
  /** What the page may see: without names while nobody is signed in. */
  followed(): FollowedRestore[]
  onChange(listener: () => void): void
  /** Makes a token, begins with it, and follows. @throws AppError */
  start(body: RestoreBody): Promise<JobStatus>
  /** Follows another one that the backend has begun for this person. */
  follow(status: JobStatus): Promise<void>
  /** Whose they are changes: what is followed goes on after a mere expiry, and ends at once with anything else. */
  setAccount(account: { readonly userId: UserId; readonly isExpired: boolean } | null): void
  /** Looks for restores that run and that this app does not follow yet. */
  look(): Promise<void>
  tryAgain(): void
  dismiss(id: JobId): void
}

type Parts = {
  readonly client: BackendClient
  readonly sessions: Pick<Sessions, 'call' | 'status'>
  readonly clock: Clock
  readonly log: Log
}

type Following = {
  status: JobStatus
  token: string
  failures: number
  interruptedAt: number | null
  forgetTimer: () => void
}

/** The truth is to be seen within half a second of it, and most of that is for whoever tells it (`npm run bench -- restore`). */
const readEveryMs = 200
/** What rests or waits its turn is looked at less often. */
const restEveryMs = 2_000
const failuresUntilTold = 5
const slowestMs = 5_000

export function createRestores({ client, sessions, clock, log }: Parts): Restores {
  const following = new Map<JobId, Following>()
  const listeners = new Set<() => void>()
  let account: { readonly userId: UserId; readonly isExpired: boolean } | null = null
  let hasLooked = false

  const tell = (): void => {
    for (const listener of listeners) listener()
  }

  const newToken = async (of: { readonly jobId?: JobId } = {}): Promise<string> =>
    (await sessions.call('createTempToken', { body: { operation: 'restore', ...of } })).temp_token

  const forget = (id: JobId): void => {
    following.get(id)?.forgetTimer()
    following.delete(id)
  }

  const followWith = (status: JobStatus, token: string, interruptedAt: number | null): void => {
    forget(status.id)
    following.set(status.id, { status, token, failures: 0, interruptedAt, forgetTimer: () => undefined })
    readLater(status.id)
    tell()
  }

  const readLater = (id: JobId): void => {
    const entry = following.get(id)
    if (entry === undefined || isEnded(entry.status.state)) return
    const isResting = entry.status.state === 'paused' || entry.status.state === 'waiting'
    const usualMs = isResting ? restEveryMs : readEveryMs
    const delayMs = entry.failures === 0 ? usualMs : Math.min(slowestMs, usualMs * 2 ** (entry.failures - 1))
    entry.forgetTimer()
    entry.forgetTimer = clock.after(delayMs, () => void read(id))
  }

  /** Never throws: what cannot be read now is read again, and the restore is never declared failed for it. */
  const read = async (id: JobId): Promise<void> => {
    const entry = following.get(id)
    if (entry === undefined) return
    try {
      entry.status = await client.call('restoreStatus', { params: { id }, tempToken: entry.token })
      entry.failures = 0
    } catch (error) {
      if (following.get(id) !== entry) return
      const failure = error instanceof AppError ? error.failure : null
      if (failure === null) log.error('restores.read', error)
      if (failure?.code === 'not-found') return end(id)
      if (failure?.code === 'signed-out' && !(await renewed(entry))) return end(id)
      entry.failures += 1
      if (entry.failures === failuresUntilTold) log.warn('restores.unreadable', { jobId: id })
    }
    if (following.get(id) !== entry) return
    tell()
    readLater(id)
  }

  /** The token is of no more use: with a session there is another one, without it this was the end of following. */
  const renewed = async (entry: Following): Promise<boolean> => {
    if (sessions.status().kind !== 'signed-in') return false
    try {
      entry.token = await newToken({ jobId: entry.status.id })
      return true
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return error.failure.code !== 'signed-out' && error.failure.code !== 'not-found'
    }
  }

  const end = (id: JobId): void => {
    forget(id)
    tell()
  }

  const forgetAll = (): void => {
    if (following.size === 0) return
    for (const id of following.keys()) forget(id)
    tell()
  }

  const shown = (status: JobStatus): JobStatus =>
    account?.isExpired === true ? { ...status, current: null, errors: [] } : status

  const restores: Restores = {
    followed: () =>
      [...following.values()].map(({ status, failures, interruptedAt }) => ({
        status: shown(status),
        isUnreadable: failures >= failuresUntilTold,
        interruptedAt,
      })),
    onChange: (listener) => void listeners.add(listener),
    start: async (body) => {
      const token = await newToken()
      const status = jobStatusSchema.parse(await client.call('createRestore', { body, tempToken: token }))
      followWith(status, token, null)
      return status
    },
    follow: async (status) => followWith(status, await newToken({ jobId: status.id }), null),
    setAccount: (next) => {
      const isSame = next !== null && account?.userId === next.userId
      account = next
      if (!isSame) {
        forgetAll()
        hasLooked = false
      } else tell()
    },
    look: async () => {
      if (sessions.status().kind !== 'signed-in') return
      const isFirst = !hasLooked
      hasLooked = true
      const { restores: all } = await sessions.call('restores')
      for (const status of all) {
        if (isEnded(status.state) || following.has(status.id)) continue
        const token = await newToken({ jobId: status.id })
        const isInterrupted = isFirst && status.startedAt !== null && status.state !== 'paused'
        followWith(status, token, isInterrupted ? shareOf(status) : null)
      }
    },
    tryAgain: () => {
      for (const [id, entry] of following) {
        if (entry.failures === 0) continue
        entry.forgetTimer()
        void read(id)
      }
    },
    dismiss: (id) => {
      const entry = following.get(id)
      if (entry !== undefined && isEnded(entry.status.state)) end(id)
    },
    [Symbol.dispose]: () => {
      for (const id of following.keys()) forget(id)
    },
  }
  return restores
}

function shareOf({ bytesDone, bytesTotal }: JobStatus): number {
  return bytesTotal === 0 ? 0 : bytesDone / bytesTotal
}
