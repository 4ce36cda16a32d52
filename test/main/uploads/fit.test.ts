import { describe, expect, it } from 'vitest'
import type { QuotaAnswer } from '../../../contract/quota'
import { judgeFit, pendingOf } from '../../../main/uploads/fit'
import { transfer } from '../../renderer/sample-transfer'

function quota({ videos = 10, minutes = 10, megabytes = 500, used = 0, usedSeconds = 0, reserved = 0 } = {}): QuotaAnswer {
  return {
    session_id: 'user_somebody',
    username: 'somebody',
    usage: {
      videos_count: used,
      total_duration: usedSeconds,
      remaining_videos: null,
      remaining_duration: null,
      reserved_videos: reserved,
      reserved_duration: 0,
    },
    limits: { maxVideos: videos, maxDurationMinutes: minutes, maxFileSizeMB: megabytes },
    stored: { videos_count: 0, total_duration: 0, total_bytes: 0 },
  }
}

const file = (durationSeconds: number | null, sizeBytes = 1000) => ({ sizeBytes, durationSeconds, failure: null })
const nothing = { videos: 0, durationSeconds: 0 }

describe('whether picked files fit', () => {
  it('counts what waits in the queue, but not an archive, which takes no quota', () => {
    const waiting = (content: 'video' | 'archive') => transfer({ kind: 'waiting', before: 0 }, { content, keptUntil: null })
    expect(pendingOf([waiting('video'), waiting('archive')])).toEqual({ videos: 1, durationSeconds: 600 })
  })

  it('counts each file that fits against those after it, and a refused one against none', () => {
    const verdicts = judgeFit([file(400), file(300), file(200)], quota(), nothing)
    expect(verdicts).toEqual([
      { kind: 'fits' },
      {
        kind: 'refused',
        failure: {
          code: 'quota-duration-reached',
          limitSeconds: 600,
          usedSeconds: 0,
          reservedSeconds: 400,
          requestedSeconds: 300,
          isHeld: false,
        },
      },
      { kind: 'fits' },
    ])
  })

  it('takes exactly what is left, and not one video more', () => {
    const verdicts = judgeFit([file(1), file(1), file(1)], quota({ videos: 5, used: 1, reserved: 1 }), {
      videos: 1,
      durationSeconds: 0,
    })
    expect(verdicts).toEqual([
      { kind: 'fits' },
      { kind: 'fits' },
      { kind: 'refused', failure: { code: 'quota-videos-reached', limit: 5, used: 1, reserved: 4 } },
    ])
  })

  it('compares sizes in bytes of decimal megabytes', () => {
    expect(judgeFit([file(1, 500_000_000), file(1, 500_000_001)], quota(), nothing)).toEqual([
      { kind: 'fits' },
      {
        kind: 'refused',
        failure: { code: 'file-too-large', limitBytes: 500_000_000, requestedBytes: 500_000_001 },
      },
    ])
  })

  it('sends a file of unknown length while anything is left, and no further', () => {
    expect(judgeFit([file(null)], quota({ usedSeconds: 599 }), nothing)).toEqual([{ kind: 'length-unknown' }])
    expect(judgeFit([file(null)], quota({ usedSeconds: 600 }), nothing)[0]).toMatchObject({
      kind: 'refused',
      failure: { code: 'quota-duration-reached', requestedSeconds: 0 },
    })
  })

  it('lets nothing in at a limit of 0', () => {
    const verdicts = [
      judgeFit([file(1)], quota({ videos: 0 }), nothing),
      judgeFit([file(null)], quota({ minutes: 0 }), nothing),
      judgeFit([file(1)], quota({ megabytes: 0 }), nothing),
    ]
    expect(verdicts.flat().map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused'])
  })

  it('takes everything where there is no limit, or no answer yet', () => {
    const open = { ...quota(), limits: { maxVideos: null, maxDurationMinutes: null, maxFileSizeMB: null } }
    const files = [file(1e6, 1e12), file(null, 1e12)]
    const kinds = [judgeFit(files, open, nothing), judgeFit(files, null, nothing)].flat().map(({ kind }) => kind)
    expect(kinds).toEqual(['fits', 'length-unknown', 'fits', 'length-unknown'])
  })

  it('keeps a refusal that was found before', () => {
    const failure = { code: 'not-a-video' } as const
    const verdicts = judgeFit([{ ...file(null), failure }, file(600)], quota(), nothing)
    expect(verdicts).toEqual([{ kind: 'refused', failure }, { kind: 'fits' }])
  })
})
