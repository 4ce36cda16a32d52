import { describe, expect, it } from 'vitest'
import { transferIdSchema } from '../../contract/ids'
import type { Transfer } from '../../contract/transfers'
import { createAnnouncer } from '../../renderer/uploads/announcer'
import { queueNews } from '../../renderer/uploads/queue-news'
import { transfer } from './sample-transfer'

const row = (name: string, status: unknown, sentBytes = 0): Transfer =>
  transfer(status, { id: transferIdSchema.parse(`transfer-${name}`), name, sizeBytes: 100, sentBytes })
const rows = (...list: readonly Transfer[]): Record<string, Transfer> =>
  Object.fromEntries(list.map((item) => [item.id, item]))

const uploading = { kind: 'uploading', bytesPerSecond: null, secondsLeft: null }
const done = { kind: 'done', videoId: 'video-0001', finishedAt: '2026-11-21T11:48:00.000Z' }
const needsYou = { kind: 'needs-you', failure: { code: 'file-missing' } }

describe('news of the queue', () => {
  it('names quarters only while a single file moves', () => {
    const before = rows(row('a', uploading, 20))
    expect(queueNews(before, rows(row('a', uploading, 60)))).toEqual([{ kind: 'milestone', name: 'a', share: 0.5 }])
    const other = row('b', uploading)
    expect(queueNews({ ...before, ...rows(other) }, rows(row('a', uploading, 60), other))).toEqual([])
  })

  it('tells the end of a file and of the queue', () => {
    expect(queueNews(rows(row('a', uploading, 90)), rows(row('a', done, 100)))).toEqual([
      { kind: 'done', of: 'upload', names: ['a'] },
      { kind: 'queue-done' },
    ])
  })

  it('counts all that needs the person when one more does', () => {
    const before = rows(row('a', needsYou), row('b', uploading))
    expect(queueNews(before, rows(row('a', needsYou), row('b', needsYou)))).toEqual([{ kind: 'needs-you', count: 2 }])
  })

  it('is silent about rows that came with a snapshot', () => {
    expect(queueNews({}, rows(row('a', done, 100), row('b', needsYou)))).toEqual([])
  })
})

describe('the announcer', () => {
  it('says the first message at once and then at most one in ten seconds, the newest of each topic', () => {
    const said: string[] = []
    const due: { readonly atMs: number; readonly run: () => void }[] = []
    let nowMs = 0
    const announce = createAnnouncer({
      say: (text) => said.push(text),
      nowMs: () => nowMs,
      after: (delayMs, run) => void due.push({ atMs: nowMs + delayMs, run }),
    })
    const advance = (toMs: number): void => {
      nowMs = toMs
      for (const { run } of due.splice(0).filter(({ atMs }) => atMs <= toMs)) run()
    }

    announce('added', 'Added 4 files')
    advance(0)
    announce('milestone', '25%')
    announce('milestone', '50%')
    announce('done', 'a uploaded')
    expect(due.map(({ atMs }) => atMs)).toEqual([10_000])
    advance(10_000)
    expect(said).toEqual(['Added 4 files', '50%. a uploaded'])
  })
})
