import { describe, expect, it } from 'vitest'
import { transferIdSchema } from '../../../contract/ids'
import type { Transfer, TransferStatus } from '../../../contract/transfers'
import { isWanted, queueNotices, seenRows } from '../../../main/shell/notices'
import { createWorkMeter } from '../../../main/shell/work'
import { transfer } from '../../renderer/sample-transfer'

const ids = ['transfer-a', 'transfer-b', 'transfer-c'].map((id) => transferIdSchema.parse(id))
const moving = { kind: 'uploading', bytesPerSecond: null, secondsLeft: null } as const
const done = { kind: 'done', videoId: 'video-0001', finishedAt: '2026-11-21T11:48:00.000Z' } as unknown as TransferStatus
const failed = { kind: 'failed', failure: { code: 'not-a-video' } } as unknown as TransferStatus
const row = (index: number, status: TransferStatus, sentBytes = 0): Transfer =>
  transfer(status, {
    ...(ids[index] === undefined ? {} : { id: ids[index] }),
    name: `${index}.mp4`,
    sizeBytes: 100,
    sentBytes,
  })

describe('the queue in one word', () => {
  it('is the worst state that needs its person, else the most active, and paused only where all of it is', () => {
    const kindOf = (...items: Transfer[]): string => createWorkMeter().measure(items).kind
    expect([
      kindOf(),
      kindOf(row(0, done)),
      kindOf(row(0, { kind: 'paused' })),
      kindOf(row(0, { kind: 'paused' }), row(1, moving)),
      kindOf(row(0, moving), row(1, failed)),
    ]).toEqual(['idle', 'idle', 'paused', 'working', 'needs-you'])
  })

  it('never goes back because a file is done, and begins anew after the queue was empty', () => {
    const meter = createWorkMeter()
    const shareOf = (...items: Transfer[]): number | null => meter.measure(items).share
    expect([
      shareOf(row(0, moving, 50), row(1, { kind: 'waiting', before: 1 })),
      shareOf(row(0, done, 100), row(1, moving, 10)),
      shareOf(row(0, done, 100), row(1, done, 100)),
      shareOf(row(0, done, 100), row(1, done, 100), row(2, moving, 5)),
    ]).toEqual([0.25, 0.55, null, 0.05])
  })
})

describe('notices', () => {
  it('tell each problem once, and the end of the queue once', () => {
    const begin = [row(0, moving), row(1, moving)]
    const oneFailed = [row(0, failed), row(1, moving)]
    const over = [row(0, failed), row(1, done)]
    expect(queueNotices(seenRows(begin), oneFailed)).toEqual([{ kind: 'problem', id: ids[0], name: '0.mp4' }])
    expect(queueNotices(seenRows(oneFailed), over)).toEqual([{ kind: 'queue-done', doneCount: 1, problemCount: 1 }])
    expect(queueNotices(seenRows(over), over)).toEqual([])
  })

  it('say nothing of rows that came with a start or a sign-in, nor of a queue that was cancelled', () => {
    expect(queueNotices(seenRows([]), [row(0, failed), row(1, done)])).toEqual([])
    expect(queueNotices(seenRows([row(0, moving)]), [row(0, { kind: 'cancelled' })])).toEqual([])
    expect(queueNotices(seenRows([row(0, moving)]), [])).toEqual([])
  })

  it('are told as their person wants them, where a new device and an ended session count as problems', () => {
    const end = { kind: 'queue-done', doneCount: 1, problemCount: 0 } as const
    const device = { kind: 'new-device', name: 'Edit-Mac' } as const
    const wanted = (['all', 'problems', 'none'] as const).map((choice) => [isWanted(end, choice), isWanted(device, choice)])
    expect(wanted).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ])
  })
})
