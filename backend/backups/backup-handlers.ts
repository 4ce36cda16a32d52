import type { Database } from '../db/database'
import type { Handlers } from '../http/handlers'
import { ProblemError } from '../http/problems'
import { grantOf, refuseOtherJob } from '../jobs/job-credentials'
import type { ArchiveFiles } from '../archives/archive-files'
import type { Sessions } from '../sessions/sessions'
import type { Restores } from '../restores/restores'
import { findTarget, type StaffParts } from '../staff/act'
import { bindDownload, refuseOtherVideo } from '../videos/download-credentials'
import type { RunningDownloads } from '../videos/running-downloads'
import { sendFile } from '../videos/send-file'
import { filenameOf } from './backup-answer'
import type { Backups } from './backups'

type Parts = {
  readonly db: Database
  readonly backups: Backups
  readonly restores: Pick<Restores, 'list'>
  readonly archives: ArchiveFiles
  readonly downloads: RunningDownloads
  readonly sessions: Pick<Sessions, 'requireProof'>
  readonly staff: StaffParts
}

export function backupHandlers({ db, backups, restores, archives, downloads, sessions, staff }: Parts) {
  return {
    createBackup: async ({ who }) => ({ status: 202, body: await backups.create(who) }),
    backups: async ({ who }) => ({ status: 200, body: await backups.list(who.userId) }),
    changeSchedule: async ({ who, body }) => ({ status: 200, body: await backups.changeSchedule(who.userId, body) }),

    backup: async ({ who, params }) => {
      const { credential } = who
      if (credential.kind === 'temp-token') refuseOtherJob(who, 'backup', await backups.makerOf(who.userId, params.id))
      return { status: 200, body: await backups.show(who.userId, params.id) }
    },

    deleteBackup: async ({ who, params }) => {
      await backups.remove(who.userId, params.id)
      return { status: 204, body: null }
    },

    backupContent: async ({ who, params, request, reply }) => {
      refuseOtherVideo(who, params.id)
      const backup = await backups.find(who.userId, params.id)
      const { sizeBytes, sha256, createdAt } = backup
      if (backup.state !== 'ready' || sizeBytes === null || sha256 === null) throw new ProblemError('job_state_conflict')
      await bindDownload(db, who, backup.id)
      const file = { path: archives.path(backup.id), filename: filenameOf(backup), mediaType: 'application/zip' }
      await sendFile(downloads, { who, request, reply }, { ...file, sizeBytes, sha256, createdAt })
      return undefined
    },

    backupEntries: async ({ who, params, query }) => ({
      status: 200,
      body: await backups.entries(who.userId, params.id, { ...query, query: query.query }),
    }),

    checkBackup: async ({ who, params }) => ({
      status: 202,
      body: await backups.check(who.userId, params.id, grantOf(who)),
    }),

    staffBackups: async ({ params }) => {
      const { userId } = await findTarget(db, params.username)
      const { backups: made } = await backups.list(userId)
      return { status: 200, body: { backups: made, restores: await restores.list(userId) } }
    },

    backUpFor: async ({ who, params, body, request }) => {
      await sessions.requireProof(who)
      const actor = { kind: 'staff', name: who.username, origin: request.ip, userId: who.userId } as const
      return { status: 202, body: await backups.createFor(staff, actor, params.username, body) }
    },
  } satisfies Partial<Handlers>
}
