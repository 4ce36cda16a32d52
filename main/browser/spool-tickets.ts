import { randomBytes } from 'node:crypto'

const ticketLifeMs = 30_000
const mostTickets = 100

export type SpoolTickets = {
  issue(): string
  /** True once for each ticket, while it lives. */
  take(ticket: string): boolean
}

/**
 * A file comes over HTTP beside the socket, where whoever listens reads the headers: so it carries a ticket that was given on
 * the socket a moment before, is good for one file, and says nothing of the page's key.
 */
export function createSpoolTickets(now: () => Date): SpoolTickets {
  const deadlines = new Map<string, number>()
  return {
    issue: () => {
      for (const [ticket, deadline] of deadlines) {
        if (deadline < now().getTime() || deadlines.size >= mostTickets) deadlines.delete(ticket)
      }
      const ticket = randomBytes(32).toString('base64url')
      deadlines.set(ticket, now().getTime() + ticketLifeMs)
      return ticket
    },
    take: (ticket) => {
      const deadline = deadlines.get(ticket)
      return deadlines.delete(ticket) && deadline !== undefined && deadline >= now().getTime()
    },
  }
}
