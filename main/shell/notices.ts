import type { TransferId } from '../../contract/ids'
import type { Settings } from '../../contract/settings'
import type { Notice } from '../../contract/shell'
import type { Transfer } from '../../contract/transfers'
import { standingOf } from './work'

/** A queue that is told of: the rows by their ids, as they were when it was last looked at. */
export type SeenRows = ReadonlyMap<TransferId, Transfer>

export const seenRows = (items: readonly Transfer[]): SeenRows => new Map(items.map((item) => [item.id, item]))

const isActive = (item: Transfer): boolean => ['working', 'resting'].includes(standingOf(item))

/**
 * What is worth a word between two looks at a queue: each row that came to need its person, and the end of the queue. Rows
 * that were not there before came with a start or a sign-in, and are no news.
 */
export function queueNotices(before: SeenRows, items: readonly Transfer[]): Notice[] {
  const changed = items.filter((item) => {
    const earlier = before.get(item.id)
    return earlier !== undefined && standingOf(earlier) !== standingOf(item)
  })
  const problems = changed.filter((item) => standingOf(item) === 'problem')
  const notices: Notice[] = problems.map(({ id, name }) => ({ kind: 'problem', id, name }))
  const hasEnded = !items.some(isActive) && [...before.values()].some(isActive)
  const done = changed.filter(({ status }) => status.kind === 'done' || status.kind === 'duplicate')
  // A queue that was cancelled or taken out of the list by hand has ended too, which is nobody's news.
  if (hasEnded && done.length > 0) {
    const over = items.filter((item) => before.has(item.id))
    notices.push({
      kind: 'queue-done',
      doneCount: over.filter(({ status }) => status.kind === 'done' || status.kind === 'duplicate').length,
      problemCount: over.filter((item) => standingOf(item) === 'problem').length,
    })
  }
  return notices
}

/** What a person wants to hear. Safety is a problem, not news: a new device and an ended session are told with "problems". */
export function isWanted({ kind }: Notice, wanted: Settings['notices']): boolean {
  return wanted === 'all' || (wanted === 'problems' && kind !== 'queue-done')
}
