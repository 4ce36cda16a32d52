import type { TransferId } from '../../contract/ids'
import type { FlightEvent, FlightRecord, NotedEvent } from './flight-event'
import type { Clock, TransferLog } from './ports'
import type { Journal } from './transfer-entry'
import type { TransferState } from './transfer-state'

/** So many wait in memory at most: what is lost with a process that is killed. */
const mostPending = 50

export type FlightRecorder = Disposable & {
  note(id: TransferId, event: FlightEvent): void
  /** The same for each that has begun: what only waits its turn has no record worth keeping. */
  noteBegun(states: readonly TransferState[], event: FlightEvent): void
  /** Writes what waits in memory. Never throws: a record that cannot be kept must not stop a transfer. */
  flush(): void
  read(id: TransferId): Pick<FlightRecord, 'events' | 'droppedCount'>
}

const hasBegun = ({ hasTurn, entry }: TransferState): boolean =>
  hasTurn || entry.acknowledgedBytes > 0 || entry.uploadId !== null || entry.failure !== null

/**
 * The flight recorder: what happened to each transfer, for whoever has to find out why. Gathered in memory and written a few
 * times per try, never per chunk: offsets that follow one another are one event.
 */
export function createFlightRecorder(parts: {
  readonly journal: Journal
  readonly clock: Clock
  readonly log: TransferLog
}): FlightRecorder {
  const { journal, clock, log } = parts
  let pending: NotedEvent[] = []
  let hasComplained = false

  const flush = (): void => {
    if (pending.length === 0) return
    const noted = pending
    pending = []
    try {
      journal.note(noted)
    } catch (error) {
      if (!hasComplained) log('warn', 'flight.not-noted', { count: noted.length, detail: String(error) })
      hasComplained = true
    }
  }

  /** Puts an offset to those right before it; false where there are none. */
  const follows = (id: TransferId, event: FlightEvent): boolean => {
    if (event.kind !== 'offsets') return false
    const at = pending.findLastIndex(({ transferId }) => transferId === id)
    const last = pending[at]
    if (last?.event.kind !== 'offsets' || last.event.toBytes !== event.fromBytes) return false
    const { toBytes, untilMs } = event
    pending[at] = { ...last, event: { ...last.event, toBytes, untilMs, count: last.event.count + event.count } }
    return true
  }

  const note = (id: TransferId, event: FlightEvent): void => {
    if (follows(id, event)) return
    pending.push({ transferId: id, atMs: clock.now(), event })
    if (pending.length >= mostPending) flush()
  }

  return {
    note,
    noteBegun(states, event) {
      for (const state of states) if (hasBegun(state)) note(state.entry.id, event)
    },
    flush,
    read(id) {
      flush()
      return journal.noted(id)
    },
    [Symbol.dispose]: flush,
  }
}
