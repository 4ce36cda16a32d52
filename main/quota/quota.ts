import type { QuotaStatus } from '../../contract/desktop'
import { AppError } from '../../contract/failures'
import type { UserId } from '../../contract/ids'
import type { Sessions } from '../sessions/sessions'
import type { ToldChanges } from './told-changes'

export type Quota = {
  status(): QuotaStatus
  onChange(listener: () => void): void
  /** Asks the backend again; a failure keeps the last numbers and is in the status. Rejects only for bugs. */
  refresh(): Promise<void>
  /** The person saw what support did, up to this receipt. */
  told(change: number): void
  /** Another person is here: what was known belongs to nobody. */
  forget(): void
}

const nothing: QuotaStatus = { quota: null, asOf: null, failure: null, toldChange: null }

type Parts = {
  readonly sessions: Pick<Sessions, 'call' | 'status'>
  readonly told: ToldChanges
  readonly now: () => Date
}

/** The last known quota of the signed-in user, with its age, and what of it they were told. */
export function createQuota({ sessions, told, now }: Parts): Quota {
  let status = nothing
  let running: Promise<void> | null = null
  let isAskedAgain = false
  let generation = 0
  const listeners = new Set<() => void>()
  const change = (next: QuotaStatus): void => {
    status = next
    for (const listener of listeners) listener()
  }

  const person = (): UserId | null => {
    const session = sessions.status()
    return session.kind === 'signed-in' ? session.user.id : null
  }
  /** Whoever was never here before begins with what is there: it was done to them before they had this app. */
  const toldUpTo = (lastChange: number): number | null => {
    const userId = person()
    if (userId === null) return null
    const known = told.of(userId)
    if (known === null) told.note(userId, lastChange)
    return known ?? lastChange
  }

  const ask = async (): Promise<void> => {
    const asked = generation
    try {
      const quota = await sessions.call('quota')
      if (asked !== generation) return
      change({ quota, asOf: now().toISOString(), failure: null, toldChange: toldUpTo(quota.last_change ?? 0) })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (asked === generation) change({ ...status, failure: error.failure })
    }
  }

  // One question at a time; what is asked meanwhile is answered by one more, which sees the newest numbers.
  const refresh = async (): Promise<void> => {
    if (running !== null) {
      isAskedAgain = true
      return running
    }
    running = (async () => {
      do {
        isAskedAgain = false
        await ask()
      } while (isAskedAgain)
    })()
    try {
      await running
    } finally {
      running = null
    }
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.add(listener),
    refresh,
    told: (upTo) => {
      const userId = person()
      if (userId === null || upTo <= (told.of(userId) ?? 0)) return
      told.note(userId, upTo)
      change({ ...status, toldChange: upTo })
    },
    forget: () => {
      generation += 1
      change(nothing)
    },
  }
}
