import { describe, expect, it } from 'vitest'
import type { Transfer } from '../../../contract/transfers'
import { idleState } from '../../../main/transfers/transfer-state'
import { viewTransfer } from '../../../main/transfers/transfer-view'
import { makeEntry } from '../../support/transfer-entries'

const sizeBytes = 5_000_000

/** A row whose backend acknowledged 3 MB, and that took `sentBytes` out of this computer. */
function bytesOf(
  sentBytes: number,
  change: Parameters<typeof makeEntry>[1] = {},
): Pick<Transfer, 'sentBytes' | 'safeBytes'> {
  const state = { ...idleState(makeEntry(1, { sizeBytes, acknowledgedBytes: 3_000_000, ...change })), sentBytes }
  const { safeBytes, sentBytes: shown } = viewTransfer(state, { before: 0, nowMs: 0, pause: null })
  return { sentBytes: shown, safeBytes }
}

describe('the bytes of a row', () => {
  it('are safe as far as the backend acknowledged them, however many went out', () => {
    expect(bytesOf(4_500_000)).toEqual({ sentBytes: 4_500_000, safeBytes: 3_000_000 })
  })

  it('never are more safe than sent, and never more than the file has', () => {
    expect(bytesOf(2_000_000)).toEqual({ sentBytes: 3_000_000, safeBytes: 3_000_000 })
    expect(bytesOf(9_000_000)).toEqual({ sentBytes: sizeBytes, safeBytes: 3_000_000 })
  })

  it('are all safe once the file is a video', () => {
    const done = { phase: 'done', videoId: 'video-0001', finishedAtMs: 1 } as Parameters<typeof makeEntry>[1]
    expect(bytesOf(0, done)).toEqual({ sentBytes: sizeBytes, safeBytes: sizeBytes })
  })

  it('are none once it was cancelled', () => {
    expect(bytesOf(0, { phase: 'cancelled', acknowledgedBytes: 0 })).toEqual({ sentBytes: 0, safeBytes: 0 })
  })
})
