import { describe, expect, it } from 'vitest'
import { transferIdSchema } from '../../contract/ids'
import { applyTransfersChange } from '../../renderer/state/sync-with-desktop'
import { transfer } from './sample-transfer'

const [a, b, c] = ['transfer-a', 'transfer-b', 'transfer-c'].map((id) => transferIdSchema.parse(id)) as [never, never, never]
const summary = { unfinishedCount: 0, failedCount: 0, remainingBytes: 0, bytesPerSecond: null, secondsLeft: null }
const row = (id: never, sentBytes = 0): ReturnType<typeof transfer> => transfer({ kind: 'paused' }, { id, sentBytes })
const mirror = { transfersById: { [a]: row(a), [b]: row(b) }, transferOrder: [a, b] }

describe('a pushed change of transfers', () => {
  it('replaces only the rows that changed, so that the others do not redraw', () => {
    const next = applyTransfersChange(mirror, { changed: [row(a, 5)], order: null, summary })
    expect(next.transfersById[a]).toEqual(row(a, 5))
    expect(next.transfersById[b]).toBe(mirror.transfersById[b])
    expect(next.transferOrder).toBe(mirror.transferOrder)
  })

  it('drops rows that are no longer in the order', () => {
    const next = applyTransfersChange(mirror, { changed: [], order: [b], summary })
    expect([Object.keys(next.transfersById), next.transferOrder]).toEqual([[b], [b]])
  })

  it('takes new rows in where the order puts them, or at the end', () => {
    expect(applyTransfersChange(mirror, { changed: [row(c)], order: [c, a, b], summary }).transferOrder).toEqual([c, a, b])
    expect(applyTransfersChange(mirror, { changed: [row(c)], order: null, summary }).transferOrder).toEqual([a, b, c])
  })
})
