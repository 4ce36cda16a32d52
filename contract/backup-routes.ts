import { z } from 'zod'
import {
  backupEntriesQuerySchema,
  backupEntriesSchema,
  backupsAnswerSchema,
  backupSchema,
  restoreBodySchema,
  restorePlanSchema,
  restoreReportSchema,
  scheduleBodySchema,
  scheduleSchema,
  staffBackupsSchema,
} from './backups'
import { backupIdSchema, jobIdSchema } from './ids'
import { jobStatusSchema } from './jobs'
import { whySchema } from './staff'

const signedIn = ['session', 'api-token'] as const
/** A temporary token serves the one operation that it was made for, and is all that is needed to follow it. */
const following = ['session', 'api-token', 'temp-token'] as const
const nothing = z.null()
const backupParams = z.object({ id: backupIdSchema })
const jobParams = z.object({ id: jobIdSchema })

/** The routes of backups and restores (`api.md`). */
export const backupRoutes = {
  createBackup: {
    method: 'POST',
    path: '/backups',
    access: following,
    summary: 'Back up the library, as a job',
    answers: { 202: backupSchema },
  },
  backups: {
    method: 'GET',
    path: '/backups',
    access: signedIn,
    summary: 'The backups of the user, newest first, and when the next is made',
    answers: { 200: backupsAnswerSchema },
  },
  changeSchedule: {
    method: 'PATCH',
    path: '/backups/schedule',
    access: signedIn,
    summary: 'Back up by itself each day or week, and how many of these are kept',
    body: scheduleBodySchema,
    answers: { 200: scheduleSchema },
  },
  backup: {
    method: 'GET',
    path: '/backups/:id',
    access: following,
    summary: 'One backup, with the job that makes or checks it',
    params: backupParams,
    answers: { 200: backupSchema },
  },
  deleteBackup: {
    method: 'DELETE',
    path: '/backups/:id',
    access: signedIn,
    summary: 'Delete a backup; one that is being made is given up',
    params: backupParams,
    answers: { 204: nothing },
  },
  backupContent: {
    method: 'GET',
    path: '/backups/:id/content',
    access: following,
    summary: 'The archive: Range, If-Range, strong ETag, HEAD',
    params: backupParams,
    answers: {},
  },
  backupEntries: {
    method: 'GET',
    path: '/backups/:id/entries',
    access: signedIn,
    summary: 'What is in a backup, by any part of the name',
    params: backupParams,
    query: backupEntriesQuerySchema,
    answers: { 200: backupEntriesSchema },
  },
  checkBackup: {
    method: 'POST',
    path: '/backups/:id/check',
    access: signedIn,
    summary: 'Compare every entry with its digest, as a job',
    params: backupParams,
    answers: { 202: jobStatusSchema },
  },
  staffBackups: {
    method: 'GET',
    path: '/admin/users/:username/backups',
    access: ['session'],
    role: 'staff',
    summary: 'The backups and restores of a user, newest first',
    params: z.object({ username: z.string().min(1).max(256) }),
    answers: { 200: staffBackupsSchema },
  },
  backUpFor: {
    method: 'POST',
    path: '/admin/users/:username/backups',
    access: ['session'],
    role: 'staff',
    summary: 'Back up the library of a user for them; needs a fresh proof',
    params: z.object({ username: z.string().min(1).max(256) }),
    body: whySchema,
    answers: { 202: backupSchema },
  },
  createRestore: {
    method: 'POST',
    path: '/restores',
    access: following,
    summary: 'Bring back a backup, or say what that would do',
    body: restoreBodySchema,
    answers: { 200: restorePlanSchema, 202: jobStatusSchema },
  },
  restores: {
    method: 'GET',
    path: '/restores',
    access: signedIn,
    summary: 'The restores of the user, newest first',
    answers: { 200: z.object({ restores: z.array(jobStatusSchema) }) },
  },
  restoreStatus: {
    method: 'GET',
    path: '/restores/:id/status',
    access: following,
    summary: 'How far a restore is',
    params: jobParams,
    answers: { 200: jobStatusSchema },
  },
  /** Where the scripts of the system before this one look. */
  restoreProgress: {
    method: 'GET',
    path: '/restore-progress/:id/status/',
    access: following,
    summary: 'The same as /restores/:id/status',
    params: jobParams,
    answers: { 200: jobStatusSchema },
  },
  restoreReport: {
    method: 'GET',
    path: '/restores/:id/report',
    access: following,
    summary: 'What became of each entry',
    params: jobParams,
    query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
    answers: { 200: restoreReportSchema },
  },
  pauseRestore: {
    method: 'POST',
    path: '/restores/:id/pause',
    access: following,
    summary: 'Rest after the entry that it is at',
    params: jobParams,
    answers: { 200: jobStatusSchema },
  },
  resumeRestore: {
    method: 'POST',
    path: '/restores/:id/resume',
    access: following,
    summary: 'Go on with a restore that rests',
    params: jobParams,
    answers: { 200: jobStatusSchema },
  },
  cancelRestore: {
    method: 'POST',
    path: '/restores/:id/cancel',
    access: following,
    summary: 'End a restore; what is done is kept, or not. One that replaces leaves the library as it was',
    params: jobParams,
    body: z.strictObject({ keep: z.boolean().default(false) }),
    answers: { 200: jobStatusSchema },
  },
  retryRestore: {
    method: 'POST',
    path: '/restores/:id/retry',
    access: signedIn,
    summary: 'Another restore of what failed in one that has ended',
    params: jobParams,
    answers: { 202: jobStatusSchema },
  },
} as const
