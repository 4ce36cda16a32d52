import type { TransferId } from '../../contract/ids'
import type { Work } from '../../contract/shell'
import type { Transfer, TransferStatus } from '../../contract/transfers'

type Standing = 'problem' | 'resting' | 'working' | 'over'

/** A new kind of status does not compile without its standing. */
const standings: { readonly [Kind in TransferStatus['kind']]: Standing } = {
  checking: 'working',
  waiting: 'working',
  uploading: 'working',
  downloading: 'working',
  verifying: 'working',
  retrying: 'working',
  'waiting-for-network': 'working',
  paused: 'resting',
  held: 'resting',
  'waiting-for-sign-in': 'resting',
  'needs-you': 'problem',
  failed: 'problem',
  done: 'over',
  duplicate: 'over',
  cancelled: 'over',
}

export const standingOf = ({ status }: Transfer): Standing => standings[status.kind]

/** Those that go on by themselves when the app is started again: what quitting is to say something about. */
export const goesOn = (transfer: Transfer): boolean =>
  standingOf(transfer) === 'working' || transfer.status.kind === 'held' || transfer.status.kind === 'waiting-for-sign-in'

export type WorkMeter = { measure(items: readonly Transfer[]): Omit<Work, 'heldFor'> }

/**
 * The queue in one word and one number. What is over stays in the number until nothing is left to do, so that a bar never
 * jumps back because a file is done.
 */
export function createWorkMeter(): WorkMeter {
  let begun = new Set<TransferId>()
  return {
    measure(items) {
      const count = (standing: Standing): number => items.filter((item) => standingOf(item) === standing).length
      const [problemCount, workingCount, restingCount] = [count('problem'), count('working'), count('resting')]
      const isIdle = workingCount + restingCount === 0
      if (isIdle) begun = new Set()
      else for (const item of items) if (['working', 'resting'].includes(standingOf(item))) begun.add(item.id)
      const counted = items.filter(({ id, status }) => begun.has(id) && status.kind !== 'cancelled')
      const sizeBytes = counted.reduce((sum, item) => sum + item.sizeBytes, 0)
      const isOver = (item: Transfer): boolean => standingOf(item) === 'over'
      const doneBytes = counted.reduce((sum, item) => sum + (isOver(item) ? item.sizeBytes : item.sentBytes), 0)
      // In whole hundredths: what shows it is told no oftener than it can be seen.
      const share = isIdle ? null : sizeBytes === 0 ? 0 : Math.min(1, Math.floor((doneBytes / sizeBytes) * 100) / 100)
      const kind = problemCount > 0 ? 'needs-you' : workingCount > 0 ? 'working' : restingCount > 0 ? 'paused' : 'idle'
      return { kind, share, problemCount }
    },
  }
}
