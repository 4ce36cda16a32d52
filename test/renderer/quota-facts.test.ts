import { describe, expect, it } from 'vitest'
import { quotaAnswerSchema } from '../../contract/quota'
import { floorToTenth, largestFileBytes, minutesPart, quotaPart, videosPart } from '../../renderer/quota/quota-facts'
import { untoldChange } from '../../renderer/support/use-support-notices'

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

  it('know of an act of staff by its number, and that it was told', () => {
    const acted = (lastChange: number) => ({ ...answer(0, 0), last_change: lastChange })
    const cases = [
      [acted(7), 0, 0],
      [acted(8), 7, 0],
      [acted(8), 7, 8],
      [acted(8), 8, 0],
      [answer(4, 120), 0, 0],
      [acted(8), null, 0],
      [null, 0, 0],
    ] as const
    expect(cases.map(([quota, toldChange, told]) => untoldChange({ quota, toldChange }, told))).toEqual([
      7,
      8,
      null,
      null,
      null,
      null,
      null,
    ])
  })
})
