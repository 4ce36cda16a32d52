import { describe, expect, it } from 'vitest'
import { quotaAnswerSchema } from '../../contract/quota'
import { floorToTenth, largestFileBytes, minutesPart, quotaPart, videosPart } from '../../renderer/quota/quota-facts'
import { wasReset } from '../../renderer/quota/use-quota-reset-notice'

const answer = (videosCount: number, totalDuration: number): ReturnType<typeof quotaAnswerSchema.parse> =>
  quotaAnswerSchema.parse({
    session_id: 'user_nok',
    username: 'nok',
    usage: {
      videos_count: videosCount,
      total_duration: totalDuration,
      remaining_videos: 10 - videosCount - 1,
      remaining_duration: 600 - totalDuration - 60,
      reserved_videos: 1,
      reserved_duration: 60,
    },
    limits: { maxVideos: 10, maxDurationMinutes: 10, maxFileSizeMB: 500 },
    stored: { videos_count: 2, total_duration: 100, total_bytes: 1000 },
  })

describe('the parts of a quota', () => {
  it('count reservations as spent', () => {
    expect([videosPart(answer(4, 120)), minutesPart(answer(4, 120))]).toEqual([
      { used: 4, reserved: 1, limit: 10, left: 5, level: 'normal' },
      { used: 2, reserved: 1, limit: 10, left: 7, level: 'normal' },
    ])
  })

  it('warn from four fifths on and are full at the limit, never below zero', () => {
    const level = (used: number, limit: number | null): unknown => {
      const part = quotaPart({ used, reserved: 0, limit })
      return [part.level, part.left]
    }
    expect([level(7, 10), level(8, 10), level(10, 10), level(12, 10), level(0, 0), level(99, null)]).toEqual([
      ['normal', 3],
      ['almost-full', 2],
      ['full', 0],
      ['full', 0],
      ['full', 0],
      ['normal', null],
    ])
  })

  it('take MB as a million bytes', () => {
    expect(largestFileBytes(answer(0, 0))).toBe(500_000_000)
  })

  it('round what is left down', () => {
    expect([9.99, 0.3, 7].map(floorToTenth)).toEqual([9.9, 0.3, 7])
  })

  it('see a reset in a number that fell, for the same account only', () => {
    const other = { ...answer(1, 60), session_id: 'user_other' }
    expect([
      wasReset(answer(4, 120), answer(0, 0)),
      wasReset(answer(4, 120), answer(5, 180)),
      wasReset(answer(4, 120), other),
      wasReset(null, answer(0, 0)),
    ]).toEqual([true, false, false, false])
  })
})
