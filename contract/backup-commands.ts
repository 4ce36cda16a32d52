import { z } from 'zod'
import {
  backupEntriesSchema,
  backupsAnswerSchema,
  backupSchema,
  restoreBodySchema,
  restorePlanSchema,
  restoreReportSchema,
  scheduleBodySchema,
  scheduleSchema,
} from './backups'
import { backupIdSchema, jobIdSchema, sourceHandleSchema, transferIdSchema } from './ids'
import { jobStatusSchema } from './jobs'

/** A restore that this app follows, with what it knows beyond the backend. */
export const followedRestoreSchema = z.object({
  status: jobStatusSchema,
  /** Five reads in a row have failed; it goes on reading, and the restore goes on without it. */
  isUnreadable: z.boolean(),
  /** Of one that was found running when the app was started: how far it was then, from 0 to 1. */
  interruptedAt: z.number().nullable(),
})
export type FollowedRestore = z.infer<typeof followedRestoreSchema>

const noInput = z.undefined()
const done = z.void()

/** What a person asks for on the screen of backups. */
export const backupCommands = {
  'backups:list': { input: noInput, output: backupsAnswerSchema },
  'backups:create': { input: noInput, output: backupSchema },
  'backups:delete': { input: backupIdSchema, output: done },
  'backups:check': { input: backupIdSchema, output: done },
  'backups:schedule': { input: scheduleBodySchema, output: scheduleSchema },
  'backups:entries': {
    input: z.strictObject({ id: backupIdSchema, query: z.string().max(200), after: z.int().min(0) }),
    output: backupEntriesSchema,
  },
  /** Through the queue of transfers. null: nobody chose a folder. */
  'backups:download': { input: backupIdSchema, output: z.array(transferIdSchema).nullable() },
  /** Sends an archive through the queue of transfers; it is listed when it has arrived. */
  'backups:send': { input: sourceHandleSchema, output: done },
  'restores:plan': { input: restoreBodySchema, output: restorePlanSchema },
  /** Makes a token first and begins with it, so that it is followed whatever becomes of the session. */
  'restores:start': { input: restoreBodySchema, output: jobStatusSchema },
  'restores:list': { input: noInput, output: z.array(jobStatusSchema) },
  'restores:pause': { input: jobIdSchema, output: done },
  'restores:resume': { input: jobIdSchema, output: done },
  'restores:cancel': { input: z.strictObject({ id: jobIdSchema, keep: z.boolean() }), output: done },
  'restores:retry': { input: jobIdSchema, output: done },
  'restores:report': {
    input: z.strictObject({ id: jobIdSchema, after: z.int().min(0) }),
    output: restoreReportSchema,
  },
  /** Reads at once what could not be read. */
  'restores:try-again': { input: noInput, output: done },
  /** Takes one that has ended from the top of the screen. */
  'restores:dismiss': { input: jobIdSchema, output: done },
  /** Writes a report, in the words of the page, where the person wants it. null: nobody chose a folder. */
  'restores:save-report': {
    input: z.strictObject({ name: z.string().min(1).max(200), text: z.string().max(8_000_000) }),
    output: z.strictObject({ path: z.string() }).nullable(),
  },
} as const

/** What of it main pushes. */
export const backupEvents = {
  'restores:changed': z.array(followedRestoreSchema),
  /** A backup or a restore came further or to its end; whoever shows the lists asks again. */
  'backups:changed': z.undefined(),
} as const
