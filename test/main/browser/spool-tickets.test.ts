import { expect, it } from 'vitest'
import { createSpoolTickets } from '../../../main/browser/spool-tickets'

it('a ticket is good for one file, for 30 seconds, and there are never many', () => {
  let at = 0
  const tickets = createSpoolTickets(() => new Date(at))
  const [first, second] = [tickets.issue(), tickets.issue()]
  expect([tickets.take(first), tickets.take(first), tickets.take('')]).toEqual([true, false, false])
  at += 30_001
  expect(tickets.take(second)).toBe(false)
  const many = Array.from({ length: 101 }, () => tickets.issue())
  expect([tickets.take(many[0] ?? ''), tickets.take(many[100] ?? '')]).toEqual([false, true])
})
