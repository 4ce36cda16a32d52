import { describe, expect, it } from 'vitest'
import type { Transfer, TransferStatus } from '../../contract/transfers'
import { describeTransfer } from '../../renderer/uploads/describe-transfer'
import { transfer } from './sample-transfer'
import { languages, now, plain, speak } from './speech'

const samples: { readonly [Kind in Exclude<TransferStatus['kind'], 'downloading'>]: unknown } = {
  checking: { kind: 'checking' },
  waiting: { kind: 'waiting', before: 2 },
  uploading: { kind: 'uploading', bytesPerSecond: 11_800_000, secondsLeft: 960 },
  paused: { kind: 'paused' },
  'waiting-for-network': { kind: 'waiting-for-network' },
  'waiting-for-sign-in': { kind: 'waiting-for-sign-in' },
  retrying: {
    kind: 'retrying',
    failure: { code: 'server-busy' },
    attempt: 3,
    attempts: 8,
    retryAt: '2026-11-21T12:00:20.000Z',
  },
  held: { kind: 'held', until: '2026-11-21T12:30:00.000Z' },
  verifying: { kind: 'verifying' },
  done: { kind: 'done', videoId: 'video-0001', finishedAt: '2026-11-21T11:48:00.000Z' },
  duplicate: { kind: 'duplicate', ofName: 'teaser_v1', ofUploadedAt: '2026-11-02T09:00:00.000Z', videoId: 'video-0001' },
  'needs-you': { kind: 'needs-you', failure: { code: 'file-changed' } },
  failed: { kind: 'failed', failure: { code: 'not-a-video' } },
  cancelled: { kind: 'cancelled' },
}

describe('the line of a transfer', () => {
  it('says each state as the design words it', () => {
    const speech = speak('en')
    const lines = Object.entries(samples).map(([kind, status]) => [
      kind,
      plain(describeTransfer(transfer(status), speech).line),
    ])
    expect(Object.fromEntries(lines)).toEqual({
      checking: 'Checking the file',
      waiting: 'Waiting its turn (2 before it)',
      uploading: 'Uploading — 11.8 MB/s — about 16 min left — 7.1 GB of 18 GB (39%)',
      paused: 'Paused. 6.9 GB of 18 GB is safe on the server',
      'waiting-for-network': 'No connection. Continues by itself',
      'waiting-for-sign-in': 'Waiting until you sign in again',
      retrying: 'The server did not answer. Trying again in 20 sec (3 of 8)',
      held: 'The queue is paused until 12:30 PM',
      verifying: 'Comparing with your file',
      done: 'Uploaded 12 min. ago',
      duplicate: 'Same as teaser_v1, uploaded Nov 2, 2026. Nothing was sent and no quota used',
      'needs-you': 'The file changed since the upload began',
      failed: 'Not a video that Reelport can read',
      cancelled: 'Cancelled. No quota used',
    })
  })

  it('leaves speed and time left out until they are worth showing', () => {
    const status = { kind: 'uploading', bytesPerSecond: null, secondsLeft: null }
    expect(plain(describeTransfer(transfer(status), speak('en')).line)).toBe('Uploading — 7.1 GB of 18 GB (39%)')
  })

  it('says what stands in the way of a server elsewhere, and what to do about it, of either direction', () => {
    const portal = { kind: 'retrying', failure: { code: 'captive-portal' }, attempt: 3, attempts: 8 }
    const retrying = { ...portal, retryAt: '2026-11-21T12:00:20.000Z' }
    const reason = 'Something else answers in place of the server: this network may want a sign-in of its own'
    for (const kind of ['upload', 'download'] as const) {
      const words = describeTransfer(transfer(retrying, { kind }), speak('en'))
      expect(plain(words.line)).toBe(`${reason}. Trying again in 20 sec (3 of 8)`)
      expect(words.safe).toMatch(/^Open a website in a browser.* is safe on /)
      const waiting = transfer({ kind: 'waiting-for-network' }, { kind })
      expect(describeTransfer(waiting, { ...speak('en'), line: 'captive-portal' }).line).toBe(
        `${reason}. Continues by itself`,
      )
      expect(describeTransfer(waiting, { ...speak('en'), line: 'wrong-clock' }).safe).toMatch(/^Check the date and time/)
      expect(describeTransfer(waiting, { ...speak('en'), line: 'gone' }).line).toBe('No connection. Continues by itself')
    }
  })

  it('says the retry is now when its time has come', () => {
    const late = { ...speak('en'), now: new Date(now.getTime() + 60_000) }
    expect(plain(describeTransfer(transfer(samples.retrying), late).line)).toBe(
      'The server did not answer. Trying again now (3 of 8)',
    )
  })
})

describe('the sentence under a transfer', () => {
  it('says what is safe, until when, and that the app may be closed', () => {
    expect(plain(describeTransfer(transfer(samples.uploading), speak('en')).safe ?? '')).toBe(
      '6.9 GB of 18 GB is safe on the server until Nov 28, 2026. You may close Reelport; it continues from there.',
    )
  })

  it.each(languages)('calls in %s only that safe which the server has acknowledged, in every state', (language) => {
    const speech = speak(language)
    const amount = (bytes: number): string => plain(speech.format.bytes(bytes))
    const sentences = Object.entries(samples).map(([kind, status]) => {
      const words = describeTransfer(transfer(status), speech)
      // The line of a running upload names what its bar shows, and does not call it safe.
      return plain(kind === 'uploading' ? (words.safe ?? '') : `${words.line} ${words.safe ?? ''}`)
    })
    expect(sentences.filter((sentence) => sentence.includes(amount(7.1e9)))).toEqual([])
    expect(sentences.filter((sentence) => sentence.includes(amount(6.9e9)))).toHaveLength(9)
  })

  it('says plainly that five tries in a row came no further, and that it goes on by itself', () => {
    const safeAt = (attempt: number): string =>
      plain(describeTransfer(transfer(Object.assign({}, samples.retrying, { attempt })), speak('en')).safe ?? '')
    expect(safeAt(4)).not.toContain('No progress')
    expect(safeAt(5)).toBe(
      'No progress in 5 tries in a row. It goes on by itself; you can also try now. 6.9 GB of 18 GB is safe on the server until Nov 28, 2026. You may close Reelport; it continues from there.',
    )
  })

  it('says of an archive that it is one, and that sending it has changed nothing', () => {
    const archive = (status: unknown, more: Partial<Transfer> = {}): string => {
      const { line, safe } = describeTransfer(transfer(status, { content: 'archive', ...more }), speak('en'))
      return plain(`${line} / ${safe}`)
    }
    expect([archive(samples.uploading), archive(samples.done)]).toEqual([
      expect.stringMatching(/^Sending the archive/),
      'Sent 12 min. ago / It is listed under Backups. Nothing in your library has changed yet.',
    ])
    const mismatch = { kind: 'failed', failure: { code: 'checksum-mismatch' } }
    for (const status of [samples.verifying, mismatch]) expect(archive(status, { kind: 'download' })).not.toContain('video')
  })

  it('says that all has arrived only once the server has said so', () => {
    const size = { sizeBytes: 4_000_000, sentBytes: 4_000_000, keptUntil: null }
    const onItsWay = transfer(samples.verifying, { ...size, safeBytes: 0 })
    expect(plain(describeTransfer(onItsWay, speak('en')).safe ?? '')).toBe(
      'Nothing is safe on the server yet. You may close Reelport; it begins again by itself next time.',
    )
    const arrived = transfer(samples.verifying, { ...size, safeBytes: 4_000_000 })
    expect(describeTransfer(arrived, speak('en')).safe).toBe('All of it is on the server. You may close Reelport.')
  })

  it('promises to go on next time only of what does', () => {
    const said = (status: unknown, more: Partial<Transfer> = {}): string =>
      plain(describeTransfer(transfer(status, more), speak('en')).safe ?? '')
    const open = { kind: 'held', until: null }
    expect(said(open)).toMatch(/until Nov 28, 2026. You may close Reelport; it stays paused.$/)
    expect(said(open, { kind: 'download', keptUntil: null })).toMatch(/on this machine. You may close .* stays paused.$/)
    expect(said({ ...open, reason: 'battery' })).toMatch(/it continues from there.$/)
    expect(said({ kind: 'paused' }, { keptUntil: null })).toBe('You may close Reelport; it stays paused.')
    expect(said({ kind: 'paused' }, { safeBytes: 0, sentBytes: 0 })).toMatch(/^Nothing sent yet.* stays paused.$/)
  })

  it('promises nothing about a part whose day is over, and names the day of one that waits for its person', () => {
    const keptUntil = '2026-11-20T12:00:00.000Z'
    for (const kind of ['waiting-for-network', 'paused'] as const) {
      expect(plain(describeTransfer(transfer({ kind }, { keptUntil }), speak('en')).safe ?? '')).toBe(
        'The server kept 6.9 GB of 18 GB until Nov 20, 2026. If it has let that go, it is sent again.',
      )
    }
    expect(describeTransfer(transfer(samples['needs-you']), speak('en')).safe).toContain('kept until Nov 28, 2026')
  })

  it('calls nothing of a transfer in trouble safe where the server has nothing of it', () => {
    const missing = { kind: 'needs-you', failure: { code: 'file-missing' } }
    expect(describeTransfer(transfer(missing), speak('en')).safe).toContain('What was sent so far is safe on the server.')
    expect(describeTransfer(transfer(missing, { safeBytes: 0 }), speak('en')).safe).not.toContain('safe')
  })

  it('says that nothing was sent where nothing was', () => {
    const fresh = transfer(samples.waiting, { sentBytes: 0, safeBytes: 0, keptUntil: null })
    expect(describeTransfer(fresh, speak('en')).safe).toBe(
      'Nothing sent yet. You may close Reelport; it begins by itself next time.',
    )
  })

  it.each(languages)('exists in %s for every state that is not over', (language) => {
    const speech = speak(language)
    const silent = Object.entries(samples)
      .filter(([, status]) => describeTransfer(transfer(status), speech).safe === null)
      .map(([kind]) => kind)
    expect(silent).toEqual(['done', 'duplicate', 'cancelled'])
  })
})
