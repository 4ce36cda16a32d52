import type { FastifyBaseLogger } from 'fastify'
import type { UserId } from '../../contract/ids'
import { findUser } from '../accounts/users-table'
import type { ArchiveFiles } from '../archives/archive-files'
import type { Database } from '../db/database'
import { listOpenJobs, removeEndedJobs } from '../jobs/jobs-table'
import { findUploadOfVideo } from '../uploads/uploads-table'
import { deleteBackupRow, findBackupById, findUncheckedSince, listBackups } from './backups-table'
import type { Backups } from './backups'
import { findDueSchedules, findSchedule, saveSchedule } from './schedules-table'

const day = 24 * 60 * 60 * 1000
/** Each stored archive is looked at again about so often. */
const drillEveryMs = 7 * day
const jobHistoryMs = 90 * day

type Parts = {
  readonly db: Database
  readonly backups: Backups
  readonly archives: ArchiveFiles
  readonly now: () => number
  readonly log: FastifyBaseLogger
}

/** What comes by itself: scheduled backups, and the drill that looks whether stored ones could be brought back. */
export async function runBackupClock({ db, backups, now, log }: Parts): Promise<void> {
  for (const { userId, every, keep, nextAt } of await findDueSchedules(db, now())) {
    const periodMs = every === 'day' ? day : 7 * day
    // After a week without the computer it is made once, not seven times.
    const missed = Math.max(0, Math.floor((now() - (nextAt ?? 0)) / periodMs))
    await saveSchedule(db, { userId, every, keep, nextAt: (nextAt ?? now()) + (missed + 1) * periodMs })
    const user = await findUser(db, userId)
    if (user === undefined || user.disabledAt !== null) continue
    const id = await backups.createScheduled(userId)
    log.info({ userId, backupId: id }, id === null ? 'a scheduled backup was left out' : 'a scheduled backup begins')
  }
  // One at a time, and only while nothing else is done: it reads a whole archive.
  if ((await listOpenJobs(db)).every(({ state }) => state === 'paused')) {
    const unchecked = await findUncheckedSince(db, now() - drillEveryMs)
    if (unchecked !== undefined) await backups.check(unchecked.userId, unchecked.id)
  }
  await removeEndedJobs(db, now() - jobHistoryMs)
}

/** Keeps no more scheduled backups than the user wants; what was asked for by hand is never among them. */
export async function removeSurplus({ db, archives }: Pick<Parts, 'db' | 'archives'>, userId: UserId): Promise<void> {
  const keep = (await findSchedule(db, userId))?.keep
  if (keep === undefined) return
  const scheduled = (await listBackups(db, userId)).filter(
    ({ origin, state }) => origin === 'scheduled' && state === 'ready',
  )
  const open = new Set((await listOpenJobs(db, userId)).map(({ backupId }) => backupId))
  for (const { id } of scheduled.slice(keep)) {
    if (open.has(id)) continue
    await deleteBackupRow(db, userId, id)
    await archives.remove(id)
  }
}

/** Removes what is left of archives that nothing refers to any more, before the first job runs. */
export async function reconcileArchives({ db, archives }: Pick<Parts, 'db' | 'archives'>): Promise<void> {
  for (const id of await archives.list()) {
    const backup = await findBackupById(db, id)
    // One that was sent and is being looked at has its file before its row.
    if (backup === undefined && (await findUploadOfVideo(db, id))?.state === 'verifying') continue
    if (backup === undefined || backup.state === 'failed') await archives.remove(id)
    else if (backup.state === 'ready') await archives.forgetHeld(id)
  }
}
