import type { Backup } from '../../contract/backups'
import type { JobStatus } from '../../contract/jobs'
import { type BackupRow, checkOf } from './backups-table'

export function toBackup(row: BackupRow, job: JobStatus | null): Backup {
  return {
    id: row.id,
    origin: row.origin,
    state: row.state,
    createdAt: new Date(row.createdAt).toISOString(),
    filename: filenameOf(row),
    videosCount: row.videosCount,
    contentBytes: row.contentBytes,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    check: checkOf(row),
    job,
  }
}

/** A name that every disk takes, in the order of time. */
export function filenameOf({ createdAt }: Pick<BackupRow, 'createdAt'>): string {
  const [date, time] = new Date(createdAt).toISOString().split('T')
  return `Reelport backup ${date} ${time?.slice(0, 8).replaceAll(':', '-')}.zip`
}
