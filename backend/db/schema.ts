import type { Generated } from 'kysely'

/** Times are milliseconds since 1970, sizes bytes, durations milliseconds. Booleans do not exist in SQLite: 0 or 1. */
export type UsersTable = {
  id: string
  username: string
  /** The name as it is compared: NFKC and lower case, so that two names never look alike by case or composition. */
  usernameKey: string
  displayName: string | null
  email: string | null
  passwordHash: string
  role: 'user' | 'staff'
  disabledAt: number | null
  createdAt: number
}

export type SessionsTable = {
  id: string
  userId: string
  tokenHash: string
  deviceName: string
  deviceType: 'desktop' | 'browser' | 'mobile' | 'script'
  deviceOs: string
  deviceApp: string
  ipAddress: string
  createdAt: number
  lastActiveAt: number
  expiresAt: number
  endedAt: number | null
  endReason: string | null
  endedBy: string | null
}

export type LoginFailuresTable = {
  /** `network:<address>` or `account:<address>:<username key>`. */
  key: string
  failures: number
  windowEndsAt: number
}

export type TempTokensTable = {
  tokenHash: string
  userId: string
  sessionId: string
  operation: 'upload' | 'download' | 'backup' | 'restore'
  /** The one thing it serves: set by the operation's start, never changed. */
  boundId: string | null
  createdAt: number
  expiresAt: number
  /** The absolute end, whatever the use. */
  endsAt: number
}

export type QuotasTable = {
  userId: string
  maxVideos: number | null
  maxDurationMs: number | null
  maxFileSizeBytes: number | null
  usedVideos: number
  usedDurationMs: number
  reservedVideos: number
  reservedDurationMs: number
}

export type QuotaEntriesTable = {
  id: Generated<number>
  userId: string
  at: number
  kind: 'reserve' | 'commit' | 'release' | 'grant' | 'reset'
  uploadId: string | null
  actor: string
  reason: string | null
  idempotencyKey: string
  usedVideosDelta: number
  usedDurationMsDelta: number
  reservedVideosDelta: number
  reservedDurationMsDelta: number
  usedVideosAfter: number
  usedDurationMsAfter: number
  reservedVideosAfter: number
  reservedDurationMsAfter: number
}

export type UploadsTable = {
  id: string
  userId: string
  state: 'receiving' | 'verifying' | 'accepted' | 'held' | 'rejected'
  /** Why it was refused, as a problem code, with the numbers of the refusal as JSON. */
  code: string | null
  refusal: string | null
  creationKey: string | null
  filename: string
  filetype: string | null
  /** null while the client has deferred it. */
  sizeBytes: number | null
  declaredDurationMs: number
  /** Hex, as the client gave it. */
  expectedSha256: string | null
  /** The truth: what was answered to any client is here and on the disk. */
  offsetBytes: number
  sha256: string | null
  /** Chosen when the last byte is in, so that a crash while sealing can be finished. */
  videoId: string | null
  /** What was measured, as JSON of `MediaFacts`, from `held` on. */
  facts: string | null
  createdAt: number
  /** When an unfinished or held upload is given up. */
  expiresAt: number | null
  endedAt: number | null
}

export type VideosTable = {
  id: string
  userId: string
  uploadId: string
  filename: string
  /** Lower-case NFKC of the name, what search and the order by name look at. */
  nameKey: string
  sizeBytes: number
  durationMs: number
  container: string
  mediaType: string
  videoCodec: string | null
  widthPixels: number | null
  heightPixels: number | null
  sha256: string
  thumbnail: 'pending' | 'made' | 'none'
  createdAt: number
}

export type Schema = {
  users: UsersTable
  sessions: SessionsTable
  loginFailures: LoginFailuresTable
  tempTokens: TempTokensTable
  quotas: QuotasTable
  quotaEntries: QuotaEntriesTable
  uploads: UploadsTable
  videos: VideosTable
}
