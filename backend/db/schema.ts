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
  /** Of the app that signed in last; null before the first one said. */
  language: Generated<'en' | 'ar' | 'th' | null>
  /** What a search looks at: name, display name and mail as they are compared, a line each. */
  searchKey: Generated<string>
  /** What staff told this person when they disabled the account. */
  disabledReason: Generated<string | null>
}

export type SessionsTable = {
  id: string
  userId: string
  tokenHash: string
  deviceName: string
  deviceType: 'desktop' | 'browser' | 'mobile' | 'script'
  deviceOs: string
  deviceApp: string
  /** SHA-256 of the id that the app gave, the same at each sign-in of a device; null where it gave none. */
  deviceKey: string | null
  ipAddress: string
  place: string | null
  createdAt: number
  lastActiveAt: number
  expiresAt: number
  endedAt: number | null
  endReason: string | null
  /** The name of who ended it, or `clock` or `limit`. */
  endedBy: string | null
  endedByKind: 'user' | 'staff' | 'system' | null
  /** The name of the device that ended it. */
  endedByDevice: string | null
  /** What became of what it was sending, where a person who ended it said so. */
  endUploads: 'pause' | 'finish' | 'discard' | null
  /** When its user last proved with the password, or by signing in, that it is they. */
  provedAt: number
  /** What staff told this person when they ended it. */
  endNote: Generated<string | null>
}

/** Devices that have signed in to an account: each has a throttle of its own, which nobody else can fill. */
export type KnownDevicesTable = {
  userId: string
  deviceKey: string
  /** As its user named it; null for the name that the app gives. */
  name: string | null
  lastUsedAt: number
}

/** Sign-ins counted by device and week, kept longer than the sessions themselves. */
export type DeviceWeeksTable = {
  userId: string
  weekStartsAt: number
  /** The key of the device, or what else tells devices apart: kind, system and name. */
  device: string
  deviceType: SessionsTable['deviceType']
  deviceOs: string
  signIns: number
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
  /** The one or the other. */
  sessionId: string | null
  apiTokenId: string | null
  operation: 'upload' | 'download' | 'backup' | 'restore'
  /** The one thing it serves: set by the operation's start, never changed. */
  boundId: string | null
  createdAt: number
  expiresAt: number
  /** The absolute end, whatever the use. */
  endsAt: number
  /** Why it was revoked before its time; null for one that was not. */
  endReason: string | null
  endedAt: number | null
  /** 1 where a person let its upload finish when they signed the device out: it is good until that upload ends. */
  outlivesSession: number
}

/** A row is gone when its token was revoked; nothing of a key is kept but its hash and how it began. */
export type ApiTokensTable = {
  id: string
  userId: string
  name: string
  prefix: string
  tokenHash: string
  createdAt: number
  lastUsedAt: number | null
  expiresAt: number | null
}

/** Ids count up from 1 for each user, without gaps. The newest of a user is never removed. */
export type EventsTable = {
  userId: string
  id: number
  at: number
  type: string
  data: string
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
  /** The line of the audit log that changed it last; null before staff ever did. */
  lastChange: Generated<number | null>
}

/** Grants and resets carry the id of the audit log's line that made them: their receipt. */
export type QuotaGrantsTable = {
  id: number
  userId: string
  at: number
  videos: number
  durationMs: number
  /** null: lasts. */
  endsAt: number | null
  /** 1 once its end stands in the ledger and in the audit log. */
  endTold: Generated<number>
}

export type QuotaResetsTable = {
  id: number
  userId: string
  at: number
  /** What was taken off, which is what an undo puts back. */
  videos: number
  durationMs: number
  undoneBy: number | null
}

/** Who asks for more; one that is open for each user at most. */
export type QuotaRequestsTable = {
  id: Generated<number>
  userId: string
  at: number
  message: string
  /** The line of the audit log of what staff did then. */
  answeredBy: Generated<number | null>
}

/** What people show to staff, by the hash of the words that they read out. */
export type SupportCodesTable = {
  codeHash: string
  userId: string
  /** JSON of `SupportSnapshot`. */
  snapshot: string
  createdAt: number
  expiresAt: number
}

/** Limits by name. */
export type LimitPresetsTable = {
  name: string
  maxVideos: number | null
  maxDurationMs: number | null
  maxFileSizeBytes: number | null
}

/** One row: what new users may upload, as the backend was started with it last. For the command line, which is not. */
export type DefaultLimitsTable = {
  id: number
  maxVideos: number | null
  maxDurationMs: number | null
  maxFileSizeBytes: number | null
}

/** Append-only, each line with the hash of the one before it. */
export type AuditEntriesTable = {
  id: number
  at: number
  actor: string
  actorKind: 'staff' | 'machine' | 'system'
  /** The address that it was asked from, or the account of the operating system. */
  origin: string
  action: string
  userId: string | null
  /** What was acted on, where it is not the user: a session, a token. */
  subject: string | null
  before: string
  after: string
  reason: string | null
  ticket: string | null
  previousHash: string
  hash: string
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
  /** The session that took it on last, itself or through a temporary token. */
  sessionId: string | null
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
  /** An archive takes no quota and becomes a backup; `restored` stands for a video that a restore brought back as another. */
  purpose: Generated<'video' | 'archive' | 'restored'>
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

export type BackupsTable = {
  id: string
  userId: string
  origin: 'asked' | 'scheduled' | 'staff' | 'sent'
  state: 'making' | 'ready' | 'failed'
  /** The moment that the library is kept as. */
  createdAt: number
  videosCount: Generated<number>
  contentBytes: Generated<number>
  sizeBytes: number | null
  sha256: string | null
  /** null: nobody has compared it with its digests yet. */
  checkedAt: number | null
  /** JSON: the names of what was damaged at the last check; null where nothing was. */
  damage: string | null
  /** Of an archive that was sent. */
  uploadId: string | null
}

/** One long piece of work. What it does to each entry stands in `job_entries`; both change in one transaction. */
export type JobsTable = {
  id: string
  userId: string
  kind: 'backup' | 'restore' | 'check'
  backupId: string
  state:
    | 'waiting'
    | 'preparing'
    | 'writing'
    | 'verifying'
    | 'restoring'
    | 'finalizing'
    | 'paused'
    | 'done'
    | 'failed'
    | 'cancelled'
  step: Generated<number>
  options: string
  /** What somebody wants of it, done at the next safe point. */
  wish: 'pause' | 'cancel' | 'cancel-keeping' | null
  code: string | null
  /** What it was begun with; all null for what the clock and staff began. */
  sessionId: string | null
  apiTokenId: string | null
  tempTokenHash: string | null
  total: Generated<number>
  succeeded: Generated<number>
  failed: Generated<number>
  skipped: Generated<number>
  bytesDone: Generated<number>
  bytesTotal: Generated<number>
  createdAt: number
  startedAt: number | null
  movedAt: number | null
  endedAt: number | null
}

export type JobEntriesTable = {
  jobId: string
  position: number
  /** What a person calls it. */
  name: string
  /** Its name in the archive. */
  entry: string
  sizeBytes: number
  sha256: string
  /** The video's row as JSON. */
  record: string
  /** `moved`: its bytes are where they belong and compared, and nothing refers to them yet. */
  state: 'pending' | 'moved' | 'done' | 'skipped' | 'failed'
  reason: string | null
  /** Of a restore: the video that it becomes. */
  targetId: string | null
  /** Of a restore: JSON, the ids of the videos whose place it takes. */
  replaces: string | null
  contentAt: number | null
  crc32: number | null
}

export type BackupSchedulesTable = {
  userId: string
  every: 'day' | 'week' | null
  keep: number
  nextAt: number | null
}

/** Who of which provider is which user. An address of mail never decides it. */
export type ProviderAccountsTable = {
  issuer: string
  subject: string
  userId: string
  createdAt: number
}

/** A browser is at the provider; what comes back must fit to this. */
export type ProviderSignInsTable = {
  stateHash: string
  providerId: string
  purpose: 'sign-in' | 'proof'
  /** The app's own: where it listens, its state, its PKCE challenge. */
  redirectUri: string
  appState: string
  codeChallenge: string
  network: string
  expiresAt: number
}

/** The provider has said who it is; the app has not come for it yet. */
export type ProviderCodesTable = {
  codeHash: string
  userId: string
  purpose: 'sign-in' | 'proof'
  codeChallenge: string
  expiresAt: number
}

/** Mail that no mail server has taken yet. */
export type MailsTable = {
  id: string
  userId: string
  recipient: string
  language: 'en' | 'ar' | 'th'
  subject: string
  text: string
  attempts: number
  nextAttemptAt: number
  createdAt: number
}

/** SQLite's own: the highest number that each counting table has given out. */
export type SqliteSequenceTable = { name: string; seq: number }

export type Schema = {
  sqliteSequence: SqliteSequenceTable
  users: UsersTable
  sessions: SessionsTable
  knownDevices: KnownDevicesTable
  deviceWeeks: DeviceWeeksTable
  loginFailures: LoginFailuresTable
  tempTokens: TempTokensTable
  apiTokens: ApiTokensTable
  events: EventsTable
  quotas: QuotasTable
  quotaEntries: QuotaEntriesTable
  quotaGrants: QuotaGrantsTable
  quotaResets: QuotaResetsTable
  quotaRequests: QuotaRequestsTable
  supportCodes: SupportCodesTable
  limitPresets: LimitPresetsTable
  defaultLimits: DefaultLimitsTable
  auditEntries: AuditEntriesTable
  uploads: UploadsTable
  videos: VideosTable
  providerAccounts: ProviderAccountsTable
  providerSignIns: ProviderSignInsTable
  providerCodes: ProviderCodesTable
  mails: MailsTable
  backups: BackupsTable
  jobs: JobsTable
  jobEntries: JobEntriesTable
  backupSchedules: BackupSchedulesTable
}
