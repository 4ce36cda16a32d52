import { z } from 'zod'

/** Identifiers are opaque, URL-safe and made by the side that owns the thing. */
const opaqueId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)

export const userIdSchema = opaqueId.brand<'UserId'>()
export type UserId = z.infer<typeof userIdSchema>

export const sessionIdSchema = opaqueId.brand<'SessionId'>()
export type SessionId = z.infer<typeof sessionIdSchema>

export const apiTokenIdSchema = opaqueId.brand<'ApiTokenId'>()
export type ApiTokenId = z.infer<typeof apiTokenIdSchema>

export const uploadIdSchema = opaqueId.brand<'UploadId'>()
export type UploadId = z.infer<typeof uploadIdSchema>

export const videoIdSchema = opaqueId.brand<'VideoId'>()
export type VideoId = z.infer<typeof videoIdSchema>

/** A row of the desktop's own queue; the backend never sees it. */
export const transferIdSchema = opaqueId.brand<'TransferId'>()
export type TransferId = z.infer<typeof transferIdSchema>

/** Stands for a local file that main handed out after a dialogue or a drop. The renderer never names a path. */
export const sourceHandleSchema = opaqueId.brand<'SourceHandle'>()
export type SourceHandle = z.infer<typeof sourceHandleSchema>

export const backupIdSchema = opaqueId.brand<'BackupId'>()
export type BackupId = z.infer<typeof backupIdSchema>

/** A long piece of work of the backend: the making of a backup, a restore, the check of an archive. */
export const jobIdSchema = opaqueId.brand<'JobId'>()
export type JobId = z.infer<typeof jobIdSchema>
