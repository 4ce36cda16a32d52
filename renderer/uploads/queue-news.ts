import type { TransferId } from '../../contract/ids'
import type { Transfer } from '../../contract/transfers'
import { sentShare } from './describe-transfer'
import { groupOf } from './transfer-groups'

/** What is worth saying aloud about the queue; never speed or time left, which are read on demand. */
export type QueueNews =
  | { readonly kind: 'done'; readonly of: Transfer['kind']; readonly names: readonly string[] }
  | { readonly kind: 'duplicate'; readonly name: string }
  | { readonly kind: 'needs-you'; readonly count: number }
  | { readonly kind: 'milestone'; readonly name: string; readonly share: number }
  | { readonly kind: 'queue-done' }

type Rows = Readonly<Record<TransferId, Transfer>>

const milestones = [0.25, 0.5, 0.75]

/** Compares the rows before and after a change. A quarter of a file counts only while that file is the only one moving. */
export function queueNews(before: Rows, after: Rows): QueueNews[] {
  const rows = Object.values(after)
  const news: QueueNews[] = []

  const done = rows.filter((row) => isNewly(before, row, 'finished') && row.status.kind === 'done')
  for (const of of ['upload', 'download'] as const) {
    const names = done.filter((row) => row.kind === of).map((row) => row.name)
    if (names.length > 0) news.push({ kind: 'done', of, names })
  }

  const duplicates = rows.filter((row) => isNewly(before, row, 'finished') && row.status.kind === 'duplicate')
  for (const { name } of duplicates) news.push({ kind: 'duplicate', name })

  if (rows.some((row) => isNewly(before, row, 'problem'))) {
    news.push({ kind: 'needs-you', count: rows.filter((row) => groupOf(row) === 'problem').length })
  }

  const active = rows.filter((row) => groupOf(row) === 'active')
  if (done.length + duplicates.length > 0 && active.length === 0) news.push({ kind: 'queue-done' })

  const [only] = active
  const earlier = only && before[only.id]
  if (only && earlier && active.length === 1) {
    const share = milestones.findLast((mark) => sentShare(earlier) < mark && sentShare(only) >= mark)
    if (share !== undefined) news.push({ kind: 'milestone', name: only.name, share })
  }
  return news
}

/** A row that changed its group; one that was not there before came with a snapshot and is no news. */
function isNewly(before: Rows, row: Transfer, group: 'finished' | 'problem'): boolean {
  const earlier = before[row.id]
  return earlier !== undefined && groupOf(row) === group && groupOf(earlier) !== group
}
