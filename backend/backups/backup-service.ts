import type { FastifyBaseLogger } from 'fastify'
import { openArchiveFiles } from '../archives/archive-files'
import { createByteMover } from '../archives/byte-mover'
import { createInstanceSeal } from '../archives/manifest'
import type { BlobStore } from '../blobs/blob-store'
import type { Config } from '../config'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import type { RandomSource } from '../ids'
import { JobRunner } from '../jobs/job-runner'
import { restoreHandlers } from '../restores/restore-handlers'
import { createRestoreWork } from '../restores/restore-work'
import { Restores } from '../restores/restores'
import type { Sessions } from '../sessions/sessions'
import type { StaffParts } from '../staff/act'
import type { RunningDownloads } from '../videos/running-downloads'
import { createArchiveIntake } from './archive-intake'
import { reconcileArchives, removeSurplus, runBackupClock } from './backup-clock'
import { backupHandlers } from './backup-handlers'
import { createBackupWork } from './backup-work'
import { Backups } from './backups'
import { createCheckWork } from './check-work'

type Parts = {
  readonly db: Database
  readonly blobs: BlobStore
  readonly signingKey: Uint8Array
  readonly now: () => number
  readonly random: RandomSource
  readonly log: FastifyBaseLogger
  readonly events: Pick<Events, 'publish'>
  readonly config: Pick<Config, 'dataFolder' | 'diskReserveBytes' | 'programs'>
  readonly onRestored: () => void
}

type Door = {
  readonly downloads: RunningDownloads
  readonly sessions: Pick<Sessions, 'requireProof'>
  readonly staff: StaffParts
}

/** Everything of backups and restores, put together. Disposing stops the jobs where they can go on from. */
export async function createBackupService({ config, signingKey, onRestored, ...parts }: Parts) {
  await using stack = new AsyncDisposableStack()
  const { db, blobs, now, random, events, log } = parts
  const archives = await openArchiveFiles(config.dataFolder)
  const seal = createInstanceSeal(signingKey)
  const { diskReserveBytes } = config
  // Two jobs may run at once: each has a thread of its own, so that a large one does not hold up a small one.
  const mover = (): ReturnType<typeof createByteMover> => stack.use(createByteMover(config.programs.archiveWorker))
  const work = { db, blobs, archives, seal, now, random, events, diskReserveBytes }
  const [backupMover, restoreMover] = [mover(), mover()]
  const jobs = stack.use(
    new JobRunner({
      db,
      now,
      log,
      events,
      works: {
        backup: createBackupWork({
          ...work,
          mover: backupMover,
          onMade: ({ userId }) => removeSurplus({ db, archives }, userId),
        }),
        check: createCheckWork({ ...work, mover: backupMover }),
        restore: createRestoreWork({ ...work, mover: restoreMover, onRestored }),
      },
    }),
  )
  const backups = new Backups({ db, archives, seal, jobs, events, now, random })
  const restores = new Restores({ db, backups, blobs, jobs, events, now, random })
  const running = stack.move()
  return {
    jobs,
    intake: createArchiveIntake(archives, seal),
    handlers: (door: Door) => ({
      ...backupHandlers({ db, backups, restores, archives, ...door }),
      ...restoreHandlers(restores),
    }),
    /** What comes by itself, every few minutes. */
    tick: async () => {
      await runBackupClock({ db, backups, archives, now, log })
      jobs.wake()
    },
    /** Before the first job runs. */
    reconcile: () => reconcileArchives({ db, archives }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
