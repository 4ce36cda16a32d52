import { randomBytes } from 'node:crypto'
import type { VideoId } from '../../contract/ids'

/** No window shows a video for longer than the longest session: its addresses are kept until sign-out. */
const ticketLifeMs = 30 * 24 * 60 * 60 * 1000
const mostTickets = 5_000

export type MediaTickets = {
  /** A ticket for one video: 32 random bytes, base64url. */
  issue(videoId: VideoId): string
  /** The video that a ticket opens, or null where it is unknown or too old. */
  open(ticket: string): VideoId | null
  /** At sign-out every ticket is worthless. */
  forgetAll(): void
}

/**
 * A `<video>` cannot send a header, and the session's token must not be in an address. So main hands the page an address of
 * its own that opens one video for a while, and asks the backend itself.
 */
export function createMediaTickets(now: () => Date): MediaTickets {
  const tickets = new Map<string, { readonly videoId: VideoId; readonly expiresAtMs: number }>()
  const byVideo = new Map<VideoId, string>()
  const open = (ticket: string): VideoId | null => {
    const found = tickets.get(ticket)
    return found === undefined || found.expiresAtMs < now().getTime() ? null : found.videoId
  }
  return {
    issue: (videoId) => {
      const known = byVideo.get(videoId)
      if (known !== undefined && open(known) !== null) return known
      const [oldest] = tickets
      if (tickets.size >= mostTickets && oldest !== undefined) {
        tickets.delete(oldest[0])
        byVideo.delete(oldest[1].videoId)
      }
      const ticket = randomBytes(32).toString('base64url')
      tickets.set(ticket, { videoId, expiresAtMs: now().getTime() + ticketLifeMs })
      byVideo.set(videoId, ticket)
      return ticket
    },
    open,
    forgetAll: () => {
      tickets.clear()
      byVideo.clear()
    },
  }
}
