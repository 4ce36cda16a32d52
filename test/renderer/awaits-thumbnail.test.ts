import { describe, expect, it } from 'vitest'
import { awaitsThumbnail } from '../../renderer/videos/use-videos'

const now = new Date('2026-03-01T12:00:00.000Z')
const video = (hasThumbnail: boolean, createdAt: string) => ({ hasThumbnail, createdAt })

describe('the wait for the pictures of a library', () => {
  it('goes on while a new video has none', () => {
    expect(awaitsThumbnail([video(true, '2026-03-01T11:59:50.000Z'), video(false, '2026-03-01T11:59:01.000Z')], now)).toBe(
      true,
    )
  })

  it('ends when all have theirs, or when the one that is missing failed long ago', () => {
    expect(awaitsThumbnail([], now)).toBe(false)
    expect(awaitsThumbnail([video(true, '2026-03-01T11:59:50.000Z'), video(false, '2026-03-01T11:59:00.000Z')], now)).toBe(
      false,
    )
  })
})
