import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { findBrokenLinks } from '../audit/audit'
import { realDisk } from '../blobs/blob-disk'
import { type BlobStore, openBlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import { listCounters, listReservations, listStoredFiles, listUnfinishedFiles } from './check-table'

export type Finding = {
  readonly area: 'audit' | 'ledger' | 'reservations' | 'partials' | 'files'
  readonly subject: string
  readonly detail: string
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Each line is as it was written, and none is gone (D40). */
async function checkAudit(db: Database): Promise<Finding[]> {
  const broken = await findBrokenLinks(db)
  return broken.map(({ id, detail }) => ({ area: 'audit', subject: `line ${id}`, detail }))
}

/** The counters are the sums of the ledger (`product.md`, "Quota as a statement"). */
async function checkLedger(db: Database): Promise<Finding[]> {
  const rows = await listCounters(db)
  return rows.flatMap((row) => {
    const isRight =
      row.usedVideos === row.ledgerUsedVideos &&
      row.usedDurationMs === row.ledgerUsedDurationMs &&
      row.reservedVideos === row.ledgerReservedVideos &&
      row.reservedDurationMs === row.ledgerReservedDurationMs
    return isRight
      ? []
      : [{ area: 'ledger' as const, subject: row.username, detail: 'the counters are not the sums of the ledger' }]
  })
}

/** Each reservation has its live upload, and each live upload its reservation. */
async function checkReservations(db: Database): Promise<Finding[]> {
  const rows = await listReservations(db)
  return rows
    .filter((row) => row.reservedVideos !== row.liveUploads || row.reservedDurationMs !== row.liveDurationMs)
    .map((row) => ({
      area: 'reservations' as const,
      subject: row.username,
      detail: `${row.reservedVideos} (${row.reservedDurationMs} ms) reserved for ${row.liveUploads} (${row.liveDurationMs} ms) unfinished uploads`,
    }))
}

/** Unfinished uploads of which less is on the disk than was acknowledged. */
export async function findDamagedPartials(db: Database, blobs: BlobStore) {
  const damaged: (Awaited<ReturnType<typeof listUnfinishedFiles>>[number] & { readonly foundBytes: number })[] = []
  for (const upload of await listUnfinishedFiles(db)) {
    const { id, offsetBytes, videoId } = upload
    const found =
      (await realDisk.sizeOf(blobs.partialPath(id))) ??
      (videoId === null ? null : await realDisk.sizeOf(blobs.sealedPath(videoId)))
    if (offsetBytes > 0 && (found ?? 0) < offsetBytes) damaged.push({ ...upload, foundBytes: found ?? 0 })
  }
  return damaged
}

async function checkPartials(db: Database, blobs: BlobStore): Promise<Finding[]> {
  return (await findDamagedPartials(db, blobs)).map(({ id, offsetBytes, foundBytes }) => ({
    area: 'partials',
    subject: id,
    detail: `${foundBytes} bytes on the disk, ${offsetBytes} acknowledged`,
  }))
}

async function checkFiles(db: Database, blobs: BlobStore): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { id, sizeBytes, sha256 } of await listStoredFiles(db)) {
    const path = blobs.sealedPath(id)
    const found = await realDisk.sizeOf(path)
    if (found === null) findings.push({ area: 'files', subject: id, detail: 'the file is missing' })
    else if (found !== sizeBytes)
      findings.push({ area: 'files', subject: id, detail: `${found} bytes instead of ${sizeBytes}` })
    else if ((await sha256Of(path)) !== sha256) findings.push({ area: 'files', subject: id, detail: 'the digest differs' })
  }
  return findings
}

/** Looks at everything that the backend promises and changes nothing: audit log, ledger, reservations, partials and every file's digest. */
export async function checkAll(db: Database, dataFolder: string): Promise<Finding[]> {
  const blobs = await openBlobStore(dataFolder)
  return [
    ...(await checkAudit(db)),
    ...(await checkLedger(db)),
    ...(await checkReservations(db)),
    ...(await checkPartials(db, blobs)),
    ...(await checkFiles(db, blobs)),
  ]
}
