import { describe, expect, it } from 'vitest'
import type { TransferStatus } from '../../contract/transfers'
import { describeState, describeTransfer } from '../../renderer/uploads/describe-transfer'
import { transfer } from './sample-transfer'
import { languages, plain, speak } from './speech'

const samples: { readonly [Kind in Exclude<TransferStatus['kind'], 'uploading'>]: unknown } = {
  checking: { kind: 'checking' },
  waiting: { kind: 'waiting', before: 2 },
  downloading: { kind: 'downloading', bytesPerSecond: 11_800_000, secondsLeft: 960 },
  paused: { kind: 'paused' },
  'waiting-for-network': { kind: 'waiting-for-network' },
  'waiting-for-sign-in': { kind: 'waiting-for-sign-in' },
  retrying: {
    kind: 'retrying',
    failure: { code: 'local-disk-full', missingBytes: 1_234_000_000 },
    attempt: 3,
    attempts: 8,
    retryAt: '2026-11-21T12:00:20.000Z',
  },
  held: { kind: 'held', until: null },
  verifying: { kind: 'verifying' },
  // Of an upload alone.
  duplicate: { kind: 'duplicate', ofName: 'a', ofUploadedAt: '2026-11-02T09:00:00.000Z', videoId: 'video-0001' },
  done: { kind: 'done', videoId: 'video-0001', finishedAt: '2026-11-21T11:48:00.000Z' },
  'needs-you': { kind: 'needs-you', failure: { code: 'folder-missing' } },
  failed: { kind: 'failed', failure: { code: 'checksum-mismatch' } },
  cancelled: { kind: 'cancelled' },
}

const download = (status: unknown, more = {}) => transfer(status, { kind: 'download', keptUntil: null, ...more })

describe('the words of a download', () => {
  it('say each state, and where its bytes are', () => {
    const speech = speak('en')
    const lines = Object.entries(samples).map(([kind, status]) => [
      kind,
      plain(describeTransfer(download(status), speech).line),
    ])
    expect(Object.fromEntries(lines)).toEqual({
      checking: 'Looking at the folder',
      waiting: 'Waiting its turn (2 before it)',
      downloading: 'Downloading — 11.8 MB/s — about 16 min left — 7.1 GB of 18 GB (39%)',
      paused: 'Paused. 6.9 GB of 18 GB is safe on this machine',
      'waiting-for-network': 'No connection. Continues by itself',
      'waiting-for-sign-in': 'Waiting until you sign in again',
      retrying: 'The disk of this machine is full: 1.2 GB more is needed. Trying again in 20 sec (3 of 8)',
      held: 'The queue is paused until you resume it',
      verifying: 'Comparing with the video on the server',
      duplicate: 'Downloaded',
      done: 'Downloaded 12 min. ago',
      'needs-you': 'The folder was not found at its place (drive unplugged?)',
      failed: 'What arrived differs from the video on the server',
      cancelled: 'Cancelled. Nothing of it was kept',
    })
  })

  it('say in one sentence what is safe and that the app may be closed', () => {
    const safe = (status: unknown, more = {}) => plain(describeTransfer(download(status, more), speak('en')).safe ?? '')
    expect(safe(samples.downloading)).toBe(
      '6.9 GB of 18 GB is safe on this machine. You may close Reelport; it continues from there.',
    )
    expect(safe(samples.waiting, { sentBytes: 0, safeBytes: 0 })).toBe(
      'Nothing has arrived yet. You may close Reelport; it begins by itself next time.',
    )
    expect(safe(samples['needs-you'])).toBe(
      'The video is untouched on the server. Plug the drive in or put the folder back, then try again.',
    )
  })

  it.each(languages)('exist in %s for every state that is not over, and never speak of uploading', (language) => {
    const speech = speak(language)
    const spoken = Object.entries(samples).map(
      ([kind, status]) => [kind, describeTransfer(download(status), speech)] as const,
    )
    expect(spoken.filter(([, { safe }]) => safe === null).map(([kind]) => kind)).toEqual(['duplicate', 'done', 'cancelled'])
    const uploading = /upload|رفع|อัปโหลด/iu
    expect(spoken.filter(([, { line, safe }]) => uploading.test(`${line} ${safe ?? ''}`))).toEqual([])
    const words = Object.values(samples).map((status) => describeState(download(status), speech))
    expect(words.filter((word) => word === '' || uploading.test(word))).toEqual([])
  })
})
