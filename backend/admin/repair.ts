import { userIdSchema } from '../../contract/ids'
import { type Actor, appendAudit } from '../audit/audit'
import { openBlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import { appendEntry } from '../quota/ledger-table'
import { findDamagedPartials } from './check'
import { listCounters, listReservations, setCounters, setOffset } from './check-table'

export type Repaired = {
  readonly area: 'ledger' | 'reservations' | 'partials'
  readonly subject: string
  readonly done: string
}

type Parts = { readonly db: Database; readonly path: string; readonly now: () => number; readonly actor: Actor }

/**
 * Mends what can be mended from what is known for certain, each in one transaction with its line of the audit log. The ledger
 * is the truth of what was used, the unfinished uploads of what is reserved, the disk of what has arrived. A file that is gone
 * or changed, and a line of the audit log, cannot be made again: those stay findings.
 * No backend may run on the folder meanwhile.
 */
export async function repairAll(parts: Parts): Promise<Repaired[]> {
  return [...(await repairCounters(parts)), ...(await repairReservations(parts)), ...(await repairPartials(parts))]
}

/** Counters that are not the sums of the ledger become these sums. */
async function repairCounters({ db, now, actor }: Parts): Promise<Repaired[]> {
  const repaired: Repaired[] = []
  for (const row of await listCounters(db)) {
    const before = pick(row.usedVideos, row.usedDurationMs, row.reservedVideos, row.reservedDurationMs)
    const after = pick(
      row.ledgerUsedVideos,
      row.ledgerUsedDurationMs,
      row.ledgerReservedVideos,
      row.ledgerReservedDurationMs,
    )
    if (JSON.stringify(before) === JSON.stringify(after)) continue
    const userId = userIdSchema.parse(row.userId)
    await db.transaction().execute(async (transaction) => {
      await setCounters(transaction, userId, after)
      await appendAudit(transaction, {
        at: now(),
        actor,
        action: 'data.repair',
        userId,
        subject: 'ledger',
        before,
        after,
        reason,
      })
    })
    repaired.push({ area: 'ledger', subject: row.username, done: 'the counters are the sums of the ledger again' })
  }
  return repaired
}

/** What is reserved becomes what the unfinished uploads hold, by a line of the ledger. */
async function repairReservations({ db, now, actor }: Parts): Promise<Repaired[]> {
  const repaired: Repaired[] = []
  for (const row of await listReservations(db)) {
    const videos = row.liveUploads - row.reservedVideos
    const durationMs = row.liveDurationMs - row.reservedDurationMs
    if (videos === 0 && durationMs === 0) continue
    const userId = userIdSchema.parse(row.userId)
    const at = now()
    const before = pick(row.usedVideos, row.usedDurationMs, row.reservedVideos, row.reservedDurationMs)
    const after = pick(row.usedVideos, row.usedDurationMs, row.liveUploads, row.liveDurationMs)
    await db.transaction().execute(async (transaction) => {
      await setCounters(transaction, userId, after)
      const subject = 'reservations'
      const id = await appendAudit(transaction, { at, actor, action: 'data.repair', userId, subject, before, after, reason })
      await appendEntry(transaction, {
        userId,
        at,
        kind: videos < 0 || (videos === 0 && durationMs < 0) ? 'release' : 'reserve',
        uploadId: null,
        actor: actor.origin,
        reason,
        idempotencyKey: `audit:${id}`,
        usedVideosDelta: 0,
        usedDurationMsDelta: 0,
        reservedVideosDelta: videos,
        reservedDurationMsDelta: durationMs,
        usedVideosAfter: after.usedVideos,
        usedDurationMsAfter: after.usedDurationMs,
        reservedVideosAfter: after.reservedVideos,
        reservedDurationMsAfter: after.reservedDurationMs,
      })
    })
    repaired.push({
      area: 'reservations',
      subject: row.username,
      done: `${row.liveUploads} reserved, as many as unfinished uploads`,
    })
  }
  return repaired
}

/** An upload that still receives goes on from what is there; whoever sends it asks for the offset first. */
async function repairPartials({ db, path, now, actor }: Parts): Promise<Repaired[]> {
  const repaired: Repaired[] = []
  for (const { id, userId, state, offsetBytes, foundBytes } of await findDamagedPartials(db, await openBlobStore(path))) {
    if (state !== 'receiving') continue
    await db.transaction().execute(async (transaction) => {
      await setOffset(transaction, id, foundBytes)
      await appendAudit(transaction, {
        at: now(),
        actor,
        action: 'data.repair',
        userId: userIdSchema.parse(userId),
        subject: id,
        before: { offsetBytes },
        after: { offsetBytes: foundBytes },
        reason,
      })
    })
    repaired.push({ area: 'partials', subject: id, done: `goes on from ${foundBytes} bytes` })
  }
  return repaired
}

const reason = 'check --repair'

const pick = (usedVideos: number, usedDurationMs: number, reservedVideos: number, reservedDurationMs: number) => ({
  usedVideos,
  usedDurationMs,
  reservedVideos,
  reservedDurationMs,
})
