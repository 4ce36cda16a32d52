/** Of events that say the same of the same user the last alone: their order stays, and nothing is told twice. */
export function latestOfEach<Event extends { readonly userId: string; readonly type: string; readonly data: string }>(
  events: readonly Event[],
): Event[] {
  const seen = new Set<string>()
  const latest: Event[] = []
  for (const event of events.toReversed()) {
    const key = `${event.userId}\n${event.type}\n${event.data}`
    if (seen.has(key)) continue
    seen.add(key)
    latest.push(event)
  }
  return latest.reverse()
}
