import type { DatabaseSync } from 'node:sqlite'
import type { FastifyBaseLogger } from 'fastify'
import { changePassword } from '../../backend/accounts/change-password'
import { findUser, setDisabledAt } from '../../backend/accounts/users-table'
import type { BlobDisk } from '../../backend/blobs/blob-disk'
import type { BlobHasher } from '../../backend/blobs/blob-hasher'
import { type BlobStore, openBlobStore } from '../../backend/blobs/blob-store'
import { type Config, defaults } from '../../backend/config'
import { unauthorized } from '../../backend/http/problems'
import type { Metrics } from '../../backend/http/metrics'
import type { FlushLog } from '../../backend/db/durable-commits'
import { setLimits } from '../../backend/quota/quotas-table'
import { createLastActivity } from '../../backend/sessions/last-activity'
import { revokeGrants, type Revocation } from '../../backend/sessions/revoke-grants'
import type { SessionTokens } from '../../backend/sessions/session-token'
import { createSessions, type Sessions } from '../../backend/sessions/sessions'
import { createSignOuts, type SignOuts } from '../../backend/sessions/sign-outs'
import type { StartTimer } from '../../backend/timer'
import { tempTokenHandlers } from '../../backend/tokens/temp-token-handlers'
import { createTempTokens, type TempTokens } from '../../backend/tokens/temp-tokens'
import { reconcileFiles, sweepUploads } from '../../backend/uploads/recovery'
import { tusHandlers } from '../../backend/uploads/tus-handlers'
import { Uploads, type UploadParts } from '../../backend/uploads/uploads'
import type { MediaProber } from '../../backend/videos/media-prober'
import { sessionIdSchema, type UserId, userIdSchema } from '../../contract/ids'
import type { UploadsChoice } from '../../contract/sessions'
import { contentIds, type FileBytes } from './content'
import { createDoor, type Door, type DoorParts } from './door'
import type { Owner, Scheduler } from './scheduler'
import { openSimDatabase, type QueryHooks } from './sim-database'
import type { SimDisk } from './sim-disk'
import type { Stream } from './streams'

export const dataFolder = '/data'
export const partialsFolder = `${dataFolder}/partials`
export const sealedFolder = `${dataFolder}/videos`

/** Where a planted bug takes the place of one part. */
export type BackendSeams = {
  readonly disk?: (disk: BlobDisk) => BlobDisk
  readonly rewrite?: QueryHooks['rewrite']
  readonly flush?: (flush: FlushLog) => FlushLog
  readonly tempTokens?: (tempTokens: TempTokens, sqlite: DatabaseSync, now: () => number) => TempTokens
  readonly uploads?: (parts: UploadParts) => Uploads
  readonly onRevoked?: (uploads: Uploads, revocation: Revocation) => void
}

type Parts = Pick<DoorParts, 'onArrival' | 'onAnswer' | 'onBug'> & {
  readonly scheduler: Scheduler
  readonly owner: Owner
  readonly sqlite: DatabaseSync
  /** Makes durable what the database has committed; false where that cannot be in this moment. */
  readonly flushSqlite: () => boolean
  readonly disk: SimDisk
  readonly stream: Stream
  /** How long the database's flushes take. */
  readonly flushes: Stream
  readonly now: () => number
  readonly random: (sizeBytes: number) => Buffer
  readonly gate: QueryHooks['gate']
  readonly onChange: QueryHooks['onChange']
  readonly log: (line: string) => void
  readonly seams: BackendSeams
}

export type SimBackend = {
  readonly door: Door
  readonly owner: Owner
  readonly uploads: Uploads
  readonly sessions: Sessions
  readonly signIn: (userId: UserId) => Promise<string>
  readonly signOut: (token: string, choice: UploadsChoice) => Promise<void>
  readonly changePassword: (token: string) => Promise<void>
  readonly setDisabled: (userId: UserId, isDisabled: boolean) => Promise<void>
  readonly setLimits: (userId: UserId, limits: Parameters<typeof setLimits>[2]) => Promise<void>
  readonly sweep: () => Promise<void>
}

const config: Config = {
  ...defaults,
  dataFolder,
  port: 0,
  registration: 'open',
  programs: { mediaProbe: '', hashWorker: '', archiveWorker: '' },
  searchPath: '',
  limits: { maxVideos: null, maxDurationMs: null, maxFileSizeBytes: null },
}

const silentMetrics: Metrics = {
  countRequest: () => undefined,
  addReceivedBytes: () => undefined,
  countUpload: () => undefined,
  text: () => Promise.resolve(''),
}

/** The real rules of the backend over the simulated machine; put together as `backend.ts` does it. */
export async function startSimBackend(parts: Parts): Promise<SimBackend> {
  const { scheduler, owner, sqlite, disk, now, random, seams } = parts
  const db = openSimDatabase(sqlite, {
    flush: createFlush(parts),
    gate: parts.gate,
    onChange: parts.onChange,
    ...(seams.rewrite && { rewrite: seams.rewrite }),
  })
  const blobDisk = disk.of(owner)
  const blobs = await openBlobStore(dataFolder, seams.disk?.(blobDisk) ?? blobDisk)
  const startTimer: StartTimer = (delayMs, callback) => createTimer(scheduler, owner, delayMs, callback)
  const onRevoked = (revocation: Revocation): void => {
    if (seams.onRevoked === undefined) uploads.stopRevoked(revocation)
    else seams.onRevoked(uploads, revocation)
  }
  const lastActivity = createLastActivity({ db, now })
  const sessions = createSessions({
    db,
    tokens: plainTokens,
    lifeMs: config.sessionLifeMs,
    maxSessions: config.maxSessions,
    now,
    random,
    lastActivity,
    placeOf: () => null,
    onRevoked,
    onOpened: () => undefined,
    onOpening: () => Promise.resolve(),
  })
  const signOuts: SignOuts = createSignOuts({ db, now, sessions, uploads: () => uploads, onRevoked })
  const realTempTokens = createTempTokens({ db, now, random, lastActivity })
  const tempTokens = seams.tempTokens?.(realTempTokens, sqlite, now) ?? realTempTokens
  const uploadParts: UploadParts = {
    db,
    blobs,
    hasher: createHasher(parts),
    prober: createProber(parts),
    archives: null,
    tempTokens,
    metrics: silentMetrics,
    random,
    now,
    startTimer,
    config,
    events: { publish: () => undefined },
    onAccepted: () => undefined,
  }
  const uploads = seams.uploads?.(uploadParts) ?? new Uploads(uploadParts)
  const log = createLog(parts.log)
  await reconcileFiles({ db, blobs, log })

  const door = createDoor({
    handlers: { ...tusHandlers({ uploads, config, startTimer }), ...tempTokenHandlers(tempTokens) },
    authentication: { sessions, tempTokens, apiTokens: noApiTokens, noteRefusedKey: () => Promise.resolve() },
    onArrival: parts.onArrival,
    onAnswer: parts.onAnswer,
    onBug: parts.onBug,
  })
  const sweep = (): Promise<void> => sweepUploads({ db, blobs, uploads, now, log })
  void sweep().catch(parts.onBug)

  const revokeAll = async (userId: UserId): Promise<void> => {
    const by = { name: 'staff', kind: 'staff', device: null } as const
    const revocations = await db
      .transaction()
      .execute((transaction) =>
        revokeGrants(transaction, { userId, scope: { kind: 'all' }, at: now(), reason: 'account_disabled', by }),
      )
    for (const revocation of revocations) onRevoked(revocation)
  }
  return {
    door,
    owner,
    uploads,
    sessions,
    sweep,
    signIn: async (userId) => {
      const user = await findUser(db, userId)
      if (user === undefined) throw new Error('no such user')
      return (await sessions.open({ user, device: undefined, userAgent: undefined, address: '192.0.2.1' })).token
    },
    signOut: async (token, choice) => {
      const who = await sessions.check(token)
      await signOuts.device(who, who.sessionId, choice)
    },
    changePassword: async (token) => {
      const who = await sessions.check(token)
      const user = await findUser(db, who.userId)
      const from = user?.passwordHash ?? ''
      const { revocations } = await db
        .transaction()
        .execute((transaction) => changePassword(transaction, { who, from, to: `${from}x`, at: now() }))
      for (const revocation of revocations) onRevoked(revocation)
    },
    setDisabled: async (userId, isDisabled) => {
      await setDisabledAt(db, userId, isDisabled ? now() : null)
      if (isDisabled) await revokeAll(userId)
    },
    setLimits: (userId, limits) => setLimits(db, userId, limits),
  }
}

const noApiTokens: DoorParts['authentication']['apiTokens'] = { check: () => Promise.reject(unauthorized(null)) }

/** Signatures are `jose`'s to prove; here a token only has to say whose it is. */
const plainTokens: SessionTokens = {
  sign: ({ sessionId, userId }) => Promise.resolve(`CANARYsession.${sessionId}.${userId}`),
  verify: (token) => {
    const [, sessionId, userId] = token.split('.')
    const claims = { sessionId: sessionIdSchema.safeParse(sessionId), userId: userIdSchema.safeParse(userId) }
    if (!claims.sessionId.success || !claims.userId.success) return Promise.resolve(null)
    return Promise.resolve({ sessionId: claims.sessionId.data, userId: claims.userId.data })
  },
}

function createTimer(scheduler: Scheduler, owner: Owner, delayMs: number, callback: () => void): ReturnType<StartTimer> {
  let dueMs = scheduler.nowMs + delayMs
  let forget: (() => void) | null = null
  const plan = (): void => {
    forget = scheduler.after(owner, dueMs - scheduler.nowMs, 'timer', () => {
      forget = null
      if (dueMs > scheduler.nowMs) plan()
      else callback()
    })
  }
  plan()
  return {
    refresh() {
      dueMs = scheduler.nowMs + delayMs
      if (forget === null) plan()
    },
    stop: () => forget?.(),
  }
}

function readOrThrow(bytes: FileBytes | null, path: string): FileBytes {
  if (bytes === null) throw new Error(`no file ${path}`)
  return bytes
}

/** Reads the whole file when its digest is wanted: what a restarted worker does. */
/** As long as a disk takes. It is done at once, and told later: what is committed meanwhile is for the next one. */
function createFlush({ scheduler, owner, flushes, flushSqlite, seams }: Parts): FlushLog {
  const flush: FlushLog = async (began) => {
    do await scheduler.wait(owner, flushes.next(), 'log')
    while (!flushSqlite())
    began()
    await scheduler.wait(owner, flushes.next() * 3, 'flush')
  }
  return seams.flush?.(flush) ?? flush
}

function createHasher({ scheduler, owner, stream, disk }: Parts): BlobHasher {
  return {
    advance: () => undefined,
    digest: async (_id, path, sizeBytes) => {
      await scheduler.wait(owner, stream.next() * 20, 'hash')
      return readOrThrow(disk.read(path), path).digest(sizeBytes)
    },
    forget: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** What a file measures: a function of what it holds. Bytes that are no whole content are no video. */
export function durationMsOf(contentId: number, sizeBytes: number): number {
  return 1000 + ((contentId * 7919 + sizeBytes) % 20_000)
}

function createProber({ scheduler, owner, stream, disk }: Parts): MediaProber {
  return {
    probe: async (path) => {
      await scheduler.wait(owner, stream.next() * 20, 'probe')
      const bytes = readOrThrow(disk.read(path), path)
      const contentId = contentIds.find((id) => bytes.isContent(id, 0, bytes.sizeBytes))
      if (contentId === undefined) return { kind: 'not-a-video', detail: 'no content' }
      return {
        kind: 'video',
        facts: {
          container: 'mp4',
          mediaType: 'video/mp4',
          durationSeconds: durationMsOf(contentId, bytes.sizeBytes) / 1000,
          videoCodec: null,
          widthPixels: null,
          heightPixels: null,
          isComplete: true,
        },
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** Only what the recovery uses of a logger. */
function createLog(write: (line: string) => void): FastifyBaseLogger {
  const line = (level: string) => (fields: unknown, text?: string) =>
    write(
      // Without the stack: where the code stands is no part of what happened.
      `${level} ${text ?? ''} ${JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? String(value) : value))}`,
    )
  return { warn: line('warn'), error: line('error'), info: line('info') } as unknown as FastifyBaseLogger
}

export type { BlobStore }
