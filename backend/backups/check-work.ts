import type { ArchiveFiles } from '../archives/archive-files'
import type { ByteMover } from '../archives/byte-mover'
import type { InstanceSeal } from '../archives/manifest'
import type { Database } from '../db/database'
import { JobFailure, type JobWork } from '../jobs/job-runner'
import { updateJob } from '../jobs/jobs-table'
import { findBackupById, updateBackup } from './backups-table'
import { checkArchive } from './check-archive'

type Parts = {
  readonly db: Database
  readonly archives: ArchiveFiles
  readonly mover: ByteMover
  readonly seal: InstanceSeal
  readonly now: () => number
}

/** Looks whether a stored archive could be brought back, and dates the answer. Begun again after a crash it begins anew. */
export function createCheckWork({ db, archives, mover, seal, now }: Parts): JobWork {
  return {
    run: async (job, context) => {
      const backup = await findBackupById(db, job.backupId)
      if (backup === undefined || !(await archives.exists(job.backupId))) throw new JobFailure('archive-missing', 'failed')
      await updateJob(db, job.id, { bytesDone: 0, bytesTotal: backup.sizeBytes ?? 0, total: 1 })
      await context.enter('verifying', 1)
      const { damage, sha256 } = await checkArchive(
        { mover, seal },
        { path: archives.path(job.backupId), userId: job.userId },
        {
          signal: context.signal,
          onBytes: (bytesDone) => context.report({ bytesDone, processed: 0, current: null }),
        },
      )
      // A byte between the entries is caught by their order; one that no entry has is in the digest of the whole.
      const found = damage.length === 0 && sha256 !== backup.sha256 ? ['directory'] : damage
      const at = now()
      await db.transaction().execute(async (transaction) => {
        await updateBackup(transaction, job.backupId, {
          checkedAt: at,
          damage: found.length === 0 ? null : JSON.stringify(found),
        })
        await updateJob(transaction, job.id, {
          state: 'done',
          succeeded: 1,
          bytesDone: backup.sizeBytes ?? 0,
          endedAt: at,
          movedAt: at,
          wish: null,
        })
      })
    },
    cancel: async (job) => {
      await updateJob(db, job.id, { state: 'cancelled', wish: null, endedAt: now() })
    },
    clean: async () => {},
  }
}
