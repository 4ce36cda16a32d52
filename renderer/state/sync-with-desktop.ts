import type { Snapshot } from '../../contract/desktop'
import type { Failure } from '../../contract/failures'
import type { TransferId } from '../../contract/ids'
import type { Transfer, TransfersChange } from '../../contract/transfers'
import { command, onConnection, onEvent, onRefused } from '../desktop'
import { type Mirror, useMirror } from './mirror'

/** Rows by id, as a snapshot gives them. */
function byId(items: readonly Transfer[]): Record<TransferId, Transfer> {
  return Object.fromEntries(items.map((item) => [item.id, item]))
}

/** The mirror after a snapshot: all of it is new. */
function applySnapshot(snapshot: Snapshot): Partial<Mirror> {
  const { app, backend, session, live, newDevices, quota, transfers, settings, work, updates, restores } = snapshot
  return {
    app,
    backend,
    session,
    live,
    newDevices,
    quota,
    settings,
    work,
    updates,
    restores,
    transfersById: byId(transfers.items),
    transferOrder: transfers.items.map((item) => item.id),
    transferSummary: transfers.summary,
  }
}

/**
 * The rows after a change. Where the order is sent, rows that are no longer in it are dropped; where it is not, a row that
 * was never seen goes to the end.
 */
export function applyTransfersChange(
  mirror: Pick<Mirror, 'transfersById' | 'transferOrder'>,
  change: TransfersChange,
): Pick<Mirror, 'transfersById' | 'transferOrder' | 'transferSummary'> {
  const merged: Record<TransferId, Transfer> = { ...mirror.transfersById, ...byId(change.changed) }
  if (!change.order) {
    const added = change.changed.map((item) => item.id).filter((id) => !mirror.transfersById[id])
    const transferOrder = added.length > 0 ? [...mirror.transferOrder, ...added] : mirror.transferOrder
    return { transfersById: merged, transferOrder, transferSummary: change.summary }
  }
  const kept = change.order.flatMap((id) => merged[id] ?? [])
  return {
    transfersById: byId(kept),
    transferOrder: kept.map((item) => item.id),
    transferSummary: change.summary,
  }
}

/** What the page fetched is out of date. */
export type Stale = { onVideosChanged(): void; onDevicesChanged(): void; onBackupsChanged(): void }

/**
 * The one writer of the mirror: subscribes first, then asks for the snapshot, and asks again whenever the page finds its
 * host again. Answers the failure where the first snapshot could not be had.
 */
export async function syncWithDesktop({
  onVideosChanged,
  onDevicesChanged,
  onBackupsChanged,
}: Stale): Promise<Failure | null> {
  let hasNothing = false
  onEvent('backend:changed', (backend) => useMirror.setState({ backend }))
  onEvent('session:changed', (session) => useMirror.setState({ session }))
  onEvent('live:changed', (live) => useMirror.setState({ live }))
  onEvent('devices:changed', onDevicesChanged)
  onEvent('new-devices:changed', (newDevices) => useMirror.setState({ newDevices }))
  onEvent('quota:changed', (quota) => useMirror.setState({ quota }))
  onEvent('settings:changed', (settings) => useMirror.setState({ settings }))
  onEvent('work:changed', (work) => useMirror.setState({ work }))
  onEvent('updates:changed', (updates) => useMirror.setState({ updates }))
  onEvent('transfers:changed', (change) => useMirror.setState((mirror) => applyTransfersChange(mirror, change)))
  onEvent('restores:changed', (restores) => useMirror.setState({ restores }))
  onEvent('backups:changed', onBackupsChanged)
  onEvent('videos:changed', onVideosChanged)
  onConnection((isConnected) => {
    const wasConnected = useMirror.getState().isConnected
    useMirror.setState({ isConnected })
    // Where the first snapshot could not be had, nothing was ever known: the connection that comes late brings it.
    if (isConnected && (!wasConnected || hasNothing)) {
      void readSnapshot()
      onVideosChanged()
      onDevicesChanged()
      onBackupsChanged()
    }
  })
  onRefused(() => useMirror.setState({ isRefused: true }))
  const failure = await readSnapshot()
  hasNothing = failure !== null
  return failure
}

async function readSnapshot(): Promise<Failure | null> {
  const reply = await command('app:snapshot', undefined)
  if (!reply.ok) return reply.failure
  useMirror.setState(applySnapshot(reply.value))
  return null
}
