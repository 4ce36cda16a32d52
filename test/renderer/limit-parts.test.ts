import { describe, expect, it } from 'vitest'
import {
  countFilledBy,
  limitsOf,
  nothingChosen,
  saidSoFar,
  stepsOf,
  withLimits,
} from '../../renderer/staff/acts/limit-parts'

const person = (usedVideos: number, maxVideos: number | null, grantedVideos = 0) => ({
  quota: {
    usedVideos,
    usedSeconds: 60,
    reservedVideos: 1,
    reservedSeconds: 0,
    maxVideos: maxVideos === null ? null : maxVideos + grantedVideos,
    maxSeconds: 600,
    maxFileSizeBytes: null,
  },
  granted: { videos: grantedVideos, seconds: 0 },
})

describe('other limits, before they are set', () => {
  it('are shown as far as they are said, and set only when all that was chosen has a number', () => {
    const parts = {
      ...nothingChosen,
      videos: { mode: 'limit', value: 20 },
      minutes: { mode: 'limit', value: null },
    } as const
    expect(saidSoFar(parts)).toEqual({ maxVideos: 20 })
    expect(limitsOf(parts)).toBeNull()
    expect(limitsOf({ ...parts, minutes: { mode: 'none', value: null } })).toEqual({
      maxVideos: 20,
      maxDurationMinutes: null,
    })
    expect(limitsOf(nothingChosen)).toBeNull()
  })

  it('leave what is granted on top of them, and what is not chosen as it is', () => {
    const shown = person(4, 10, 3)
    expect(withLimits(shown, { maxVideos: 20, maxFileSizeMB: 1.5 })).toEqual({
      ...shown.quota,
      maxVideos: 23,
      maxFileSizeBytes: 1_500_000,
    })
    expect(withLimits(shown, { maxVideos: null }).maxVideos).toBeNull()
  })

  it('bring many from where they are to one place, most people first', () => {
    const many = [person(1, 5), person(1, 10), person(1, 10, 3), person(1, null)]
    expect(stepsOf(many, { maxVideos: 20 })).toEqual({
      videos: [
        { before: 10, after: 20, count: 2 },
        { before: 5, after: 20, count: 1 },
        { before: null, after: 20, count: 1 },
      ],
      minutes: [],
      fileMb: [],
    })
  })

  it('say how many they would stop who could go on now', () => {
    expect(countFilledBy([person(1, 10), person(4, 10), person(9, 10), person(4, 10, 2)], { maxVideos: 5 })).toBe(1)
    expect(countFilledBy([person(1, 10)], { maxDurationMinutes: 1 })).toBe(1)
  })
})
