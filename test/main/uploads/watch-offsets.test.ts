import { describe, expect, it } from 'vitest'
import { uploadIdSchema } from '../../../contract/ids'
import type { TransferEntry } from '../../../main/transfers/transfer-entry'
import type { TusAnswer } from '../../../main/transfers/uploads-client'
import type { UploadRun } from '../../../main/uploads/run-ports'
import { watchOffsets } from '../../../main/uploads/watch-offsets'
import { stoppedClock } from '../../support/stopped-clock'
import { makeEntry } from '../../support/transfer-entries'

const mebibyte = 1024 * 1024
const uploadId = uploadIdSchema.parse('upload-0001')

function startWatch() {
  const time = stoppedClock()
  const stop = new AbortController()
  const asked: string[] = []
  let entry: TransferEntry = makeEntry(1, { sizeBytes: 1024 * mebibyte, uploadId, acknowledgedBytes: 0 })
  const answer: TusAnswer = {
    status: 200,
    offsetBytes: 7 * mebibyte,
    uploadId: null,
    keptUntil: null,
    videoId: null,
    sha256: null,
    retryAfterMs: null,
    problem: null,
  }
  const run = {
    entry: () => entry,
    record: (change: Partial<TransferEntry>) => (entry = { ...entry, ...change }),
    token: () => Promise.resolve('token'),
    uploads: { head: () => (asked.push('head'), Promise.resolve(answer)) },
    clock: time.clock,
    log: () => undefined,
    signal: stop.signal,
    // The watch touches nothing else of a run.
  } as unknown as UploadRun
  const watch = watchOffsets(run, uploadId, 0)
  const isRoom = async (positionBytes: number): Promise<boolean> => {
    const room = watch.whenRoom(positionBytes).then(() => true)
    return Promise.race([room, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))])
  }
  return { watch, time, stop, asked, isRoom, acknowledged: () => entry.acknowledgedBytes }
}

describe('what is on its way', () => {
  it('stays within 16 MiB of what the backend has acknowledged', async () => {
    const { watch, isRoom } = startWatch()
    expect(await isRoom(15 * mebibyte - 1)).toBe(true)
    expect(await isRoom(15 * mebibyte)).toBe(false)
    watch.told({ offsetBytes: 8 * mebibyte, keptUntil: null })
    expect(await isRoom(22 * mebibyte)).toBe(true)
    expect(await isRoom(23 * mebibyte)).toBe(false)
  })

  it('is let go as soon as more is acknowledged, or the run is stopped', async () => {
    const { watch, stop } = startWatch()
    const room = watch.whenRoom(20 * mebibyte)
    watch.told({ offsetBytes: 10 * mebibyte, keptUntil: null })
    await room
    const noRoom = watch.whenRoom(60 * mebibyte)
    stop.abort()
    await noRoom
  })

  it('is not held where no interim answer comes through: then the backend is asked now and then', async () => {
    const { time, watch, asked, acknowledged } = startWatch()
    const room = watch.whenRoom(20 * mebibyte)
    await time.advance(1_000)
    await room
    await watch.whenRoom(500 * mebibyte)
    await time.advance(2_000)
    await new Promise(setImmediate)
    expect([asked, acknowledged()]).toEqual([['head'], 7 * mebibyte])
  })

  it('puts what was told on record every two seconds, without asking', async () => {
    const { time, watch, asked, acknowledged } = startWatch()
    watch.told({ offsetBytes: 3 * mebibyte, keptUntil: '2026-12-01T00:00:00.000Z' })
    expect(acknowledged()).toBe(0)
    await time.advance(2_000)
    expect([asked, acknowledged()]).toEqual([[], 3 * mebibyte])
  })

  it('does not believe an offset beyond the file', async () => {
    const { watch, isRoom } = startWatch()
    watch.told({ offsetBytes: 2048 * mebibyte, keptUntil: null })
    expect(await isRoom(15 * mebibyte)).toBe(false)
  })
})
