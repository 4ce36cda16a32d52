import type { DatabaseSync } from 'node:sqlite'
import { type FlightRecord, flightEventSchema, type NotedEvent } from './flight-event'

/** Newest events that are kept of one transfer. */
export const mostEventsOfOne = 240
/** And of all of them together, on a disk of which they take some megabytes at most. */
const mostEventsOfAll = 20_000

/** Adds events to the records of their transfers and keeps each bounded. What has no line in the journal is left out. */
export function addFlightEvents(db: DatabaseSync, noted: readonly NotedEvent[]): void {
  const insert = db.prepare(`
    INSERT INTO flight_events (transfer_id, sequence, at_ms, event)
    SELECT :transferId,
      coalesce((SELECT max(sequence) FROM flight_events WHERE transfer_id = :transferId), 0) + 1,
      :atMs,
      :event
    WHERE EXISTS (SELECT 1 FROM transfers WHERE id = :transferId)
  `)
  const shorten = db.prepare(`
    DELETE FROM flight_events
    WHERE transfer_id = :transferId
      AND sequence <= (SELECT max(sequence) FROM flight_events WHERE transfer_id = :transferId) - :most
  `)
  for (const { transferId, atMs, event } of noted) {
    insert.run({ transferId, atMs: Math.round(atMs), event: JSON.stringify(event) })
  }
  for (const transferId of new Set(noted.map((one) => one.transferId))) shorten.run({ transferId, most: mostEventsOfOne })
}

/** Drops the oldest events of all. Reads the whole table: for the start, and now and then. */
export function shortenFlightRecords(db: DatabaseSync): void {
  db.prepare(`
    DELETE FROM flight_events
    WHERE id <= (SELECT id FROM flight_events ORDER BY id DESC LIMIT 1 OFFSET :most)
  `).run({ most: mostEventsOfAll })
}

/** The record of one transfer, oldest event first. A damaged event is left out: it steers nothing. */
export function listFlightEvents(db: DatabaseSync, transferId: string): Pick<FlightRecord, 'events' | 'droppedCount'> {
  const rows = db
    .prepare(`
      SELECT sequence, at_ms, event
      FROM flight_events
      WHERE transfer_id = :transferId
      ORDER BY sequence
    `)
    .all({ transferId })
  const events = rows.flatMap(({ at_ms: atMs, event }) => {
    const parsed = flightEventSchema.safeParse(JSON.parse(String(event)))
    return parsed.success ? [{ atMs: Number(atMs), event: parsed.data }] : []
  })
  return { events, droppedCount: Math.max(0, Number(rows[0]?.['sequence'] ?? 1) - 1) }
}

/** A transfer that was taken out takes its record along. */
export function deleteFlightEvents(db: DatabaseSync, transferIds: readonly string[]): void {
  const statement = db.prepare('DELETE FROM flight_events WHERE transfer_id = :id')
  for (const id of transferIds) statement.run({ id })
}
