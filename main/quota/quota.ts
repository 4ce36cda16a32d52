import type { QuotaStatus } from '../../contract/desktop'
import { AppError } from '../../contract/failures'
import type { Sessions } from '../sessions/sessions'

export type Quota = {
  status(): QuotaStatus
  onChange(listener: () => void): void
  /** Asks the backend again; a failure keeps the last numbers and is in the status. Rejects only for bugs. */
  refresh(): Promise<void>
  /** Another person is here: what was known belongs to nobody. */
  forget(): void
}

const nothing: QuotaStatus = { quota: null, asOf: null, failure: null }

/** The last known quota of the signed-in user, with its age. */
export function createQuota({ sessions, now }: { readonly sessions: Sessions; readonly now: () => Date }): Quota {
  let status = nothing
  let running: Promise<void> | null = null
  let isAskedAgain = false
  let generation = 0
  const listeners = new Set<() => void>()
  const change = (next: QuotaStatus): void => {
    status = next
    for (const listener of listeners) listener()
  }

  const ask = async (): Promise<void> => {
    const asked = generation
    try {
      const quota = await sessions.call('quota')
      if (asked === generation) change({ quota, asOf: now().toISOString(), failure: null })
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
    forget: () => {
      generation += 1
      change(nothing)
    },
  }
}
