import { describe, expect, it } from 'vitest'
import { videoIdSchema } from '../../../contract/ids'
import { createMediaTickets } from '../../../main/videos/media-tickets'

const video = videoIdSchema.parse('video-0001')

describe('media tickets', () => {
  it('open their one video, and nothing after thirty days or a sign-out', () => {
    let nowMs = 0
    const tickets = createMediaTickets(() => new Date(nowMs))
    const ticket = tickets.issue(video)
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32)
    expect(tickets.open(ticket)).toBe(video)
    expect(tickets.open(`${ticket}x`)).toBeNull()
    nowMs = 30 * 24 * 60 * 60 * 1000 + 1
    expect(tickets.open(ticket)).toBeNull()
    const next = tickets.issue(video)
    expect(next).not.toBe(ticket)
    tickets.forgetAll()
    expect(tickets.open(next)).toBeNull()
  })

  it('are forgotten one by one, the oldest first, where there are too many', () => {
    const tickets = createMediaTickets(() => new Date(0))
    const videos = Array.from({ length: 5_001 }, (_, index) => videoIdSchema.parse(`video-${10_000 + index}`))
    const [first = '', second = ''] = videos.map((id) => tickets.issue(id))
    expect([tickets.open(first), tickets.open(second)]).toEqual([null, videos[1]])
  })
})
