import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TransferId } from '../../../contract/ids'
import { mostEventsOfOne } from '../../../main/transfers/flight-table'
import type { FlightEvent } from '../../../main/transfers/flight-event'
import { createFlightRecorder } from '../../../main/transfers/flight-recorder'
import { supportDetails } from '../../../main/transfers/support-details'
import { openJournal } from '../../../main/transfers/transfer-journal'
import { startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { makeEntry } from '../../support/transfer-entries'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const open = (folder: string) => openJournal({ path: join(folder, 'transfers.db'), log: () => undefined, now: () => 0 })
const clock = { now: () => 1_000, after: () => () => undefined }
const safe = (fromBytes: number, toBytes: number): FlightEvent => ({
  kind: 'offsets',
  fromBytes,
  toBytes,
  count: 1,
  untilMs: toBytes,
})

describe('the record of a transfer', () => {
  it('outlives the process, and goes with the transfer when that is taken out of the list', () => {
    using folder = temporaryFolder()
    const [kept, removed] = [makeEntry(1), makeEntry(2)]
    {
      using journal = open(folder.path)
      journal.save([kept, removed])
      using flight = createFlightRecorder({ journal, clock, log: () => undefined })
      for (const { id } of [kept, removed]) flight.note(id, { kind: 'woke-up' })
    }
    using journal = open(folder.path)
    journal.remove([removed.id])
    journal.note([{ transferId: removed.id, atMs: 1, event: { kind: 'woke-up' } }])
    expect(journal.noted(kept.id)).toEqual({ events: [{ atMs: 1_000, event: { kind: 'woke-up' } }], droppedCount: 0 })
    expect(journal.noted(removed.id).events).toEqual([])
  })

  it('is bounded, says how much made room, and leaves the records of others alone', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path)
    const [busy, quiet] = [makeEntry(1), makeEntry(2)]
    journal.save([busy, quiet])
    journal.note([{ transferId: quiet.id, atMs: 1, event: { kind: 'woke-up' } }])
    const tries = Array.from({ length: 1_500 }, (_, number) => ({ kind: 'try', number, offsetBytes: 0 }) as const)
    using flight = createFlightRecorder({ journal, clock, log: () => undefined })
    for (const event of tries) flight.note(busy.id, event)
    const { events, droppedCount } = flight.read(busy.id)
    expect([events.length, events.at(-1)?.event, droppedCount]).toEqual([
      mostEventsOfOne,
      tries.at(-1),
      1_500 - mostEventsOfOne,
    ])
    expect(journal.noted(quiet.id).events).toHaveLength(1)
  })

  it('costs one event for all offsets that follow one another, and no write to the disk for any of them', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path)
    const { id } = makeEntry(1)
    journal.save([makeEntry(1)])
    let writes = 0
    const counted = {
      ...journal,
      note: (...told: Parameters<typeof journal.note>) => ((writes += 1), journal.note(...told)),
    }
    using flight = createFlightRecorder({ journal: counted, clock, log: () => undefined })
    for (let at = 0; at < 10_000; at += 1) flight.note(id, safe(at, at + 1))
    expect(writes).toBe(0)
    expect(flight.read(id).events.map(({ event }) => event)).toEqual([
      { kind: 'offsets', fromBytes: 0, toBytes: 10_000, count: 10_000, untilMs: 10_000 },
    ])
  })

  it('that cannot be written is complained of once, and stops nothing', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path)
    const lines: string[] = []
    const full = {
      ...journal,
      note: () => {
        throw new Error('disk full')
      },
    }
    using flight = createFlightRecorder({ journal: full, clock, log: (_, event) => lines.push(event) })
    for (let turn = 0; turn < 200; turn += 1) flight.note('transfer-1' as TransferId, { kind: 'woke-up' })
    expect(lines).toEqual(['flight.not-noted'])
  })
})

describe('the details for support of a transfer that had a bad day', () => {
  it('tell it in order, and hold no token, no password and no folder, on disk as little as in the text', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'canary-folder')
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    await using proxy = await startFaultProxy(() => backend.port)
    proxy.inject({ kind: 'cut', method: 'PATCH', afterBytes: 6 * mebibyte })
    const engine = startTestEngine({ folder: home, backend, origin: proxy.origin })
    const id = await engine.addFile(await paddedVideo({ name: 'bad day “ทดสอบ”.mp4', sizeBytes: 12 * mebibyte }))
    const transfer = await engine.until(id, 'done')
    const record = engine.manager.recordOf(id)
    if (record === null) throw new Error('Nothing is on record')
    const text = supportDetails({
      app: { version: '1.2.3', host: 'browser' },
      system: 'linux x64',
      backend: 'ready',
      transfer,
      record,
      nowMs: Date.UTC(2026, 10, 25),
    })
    await engine[Symbol.asyncDispose]()

    const kinds = record.events.map(({ event }) => event.kind).filter((kind) => kind !== 'offsets')
    const turns = kinds.filter((kind, at) => kind !== kinds[at - 1])
    expect(turns).toEqual(['try', 'asked', 'token', 'answer', 'no-answer', 'ended', 'wait', 'try', 'answer', 'ended'])
    expect(text).toContain('file "bad day “ทดสอบ”.mp4", 12582912 bytes')
    expect(text).toMatch(
      /create 201 \(offset 0, [^]* patch no answer: reset [^]* head 200 \(offset \d+[^]* safe \d+ to \d+ /,
    )
    expect(text).toMatch(/ended: done$/)

    const tokens = [...new Set(proxy.headers.flatMap((headers) => headers['x-temp-token'] ?? []))]
    expect(tokens.length).toBeGreaterThan(0)
    const found = (where: string, secrets: readonly string[]): string[] => secrets.filter((secret) => where.includes(secret))
    const secrets = [...tokens.map(String), 'correct horse battery', 'canary-folder']
    expect(found(text + JSON.stringify(record), secrets)).toEqual([])
    for (const name of readdirSync(home).filter((file) => file.startsWith('transfers.db'))) {
      expect(found(readFileSync(join(home, name), 'latin1'), tokens.map(String))).toEqual([])
    }
  })

  it('leave out what a system wrote into a failure, and keep its code and numbers', () => {
    const details = (failure: unknown): string =>
      supportDetails({
        app: { version: '1', host: 'browser' },
        system: 'linux x64',
        backend: 'ready',
        // Safe: the text is made of these fields and no others.
        transfer: { ...sample, status: { kind: 'needs-you', failure } } as never,
        record: { uploadId: null, videoId: null, generation: 1, mismatchCount: 0, events: [], droppedCount: 7 },
        nowMs: 0,
      })
    const unreadable = details({ code: 'file-unreadable', detail: "EACCES: permission denied, open '/home/nok/secret'" })
    expect(unreadable).toContain('state needs-you: file-unreadable\n')
    expect(unreadable).toContain('7 earlier events are not kept')
    expect(unreadable).not.toContain('/home/nok')
    expect(details({ code: 'file-too-large', limitBytes: 5, requestedBytes: 6 })).toContain(
      'file-too-large, limitBytes 5, requestedBytes 6',
    )
  })
})

const sample = {
  id: 'transfer-1',
  kind: 'upload',
  name: 'a.mp4',
  sizeBytes: 1,
  sentBytes: 0,
  safeBytes: 0,
  durationSeconds: null,
  addedAt: '2026-11-25T00:00:00.000Z',
  keptUntil: null,
}
