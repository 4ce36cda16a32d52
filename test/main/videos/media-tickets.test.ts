import { describe, expect, it } from 'vitest'
import { videoIdSchema } from '../../../contract/ids'
import { createMediaTickets } from '../../../main/videos/media-tickets'

const video = videoIdSchema.parse('video-0001')

describe('media tickets', () => {
  it('open their one video, and nothing after six hours or a sign-out', () => {
    let nowMs = 0
    const tickets = createMediaTickets(() => new Date(nowMs))
    const ticket = tickets.issue(video)
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32)
    expect(tickets.open(ticket)).toBe(video)
    expect(tickets.open(`${ticket}x`)).toBeNull()
    nowMs = 6 * 60 * 60 * 1000 + 1
    expect(tickets.open(ticket)).toBeNull()
    const next = tickets.issue(video)
    expect(next).not.toBe(ticket)
    tickets.forgetAll()
    expect(tickets.open(next)).toBeNull()
  })
})
