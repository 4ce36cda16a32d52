import { existsSync, mkdirSync } from 'node:fs'
import { accountHandlers } from './accounts/account-handlers'
import { createAccounts } from './accounts/accounts'
import { createPasswordHasher } from './accounts/password-hasher'
import { createRefusedKeys } from './audit/refused-keys'
import { createBackupService } from './backups/backup-service'
import { createBlobHasher } from './blobs/blob-hasher'
import { openBlobStore } from './blobs/blob-store'
import { Chores } from './chores'
import type { Config } from './config'
import { openDatabase, type Database } from './db/database'
import { endAtOnce } from './db/end-at-once'
import { lockDataFolder } from './db/data-folder-lock'
import { eventHandlers } from './events/event-handlers'
import { createEvents } from './events/events'
import { findStreamEnd } from './events/stream-end'
import { addRoutes } from './http/add-routes'
import { createMetrics } from './http/metrics'
import { createOpenApi } from './http/openapi'
import { operationsHandlers } from './http/operations-handlers'
import { createServer, type Server } from './http/server'
import { systemRandom, type RandomSource } from './ids'
import { keepDefaultLimits } from './quota/default-limits-table'
import { quotaHandlers } from './quota/quota-handlers'
import { createDevices } from './sessions/devices'
import { createLastActivity } from './sessions/last-activity'
import { openPlaces } from './sessions/places'
import type { Revocation } from './sessions/revoke-grants'
import { sessionHandlers } from './sessions/session-handlers'
import { noticeNewDevice } from './mail/new-device-notice'
import { createOutbox } from './mail/outbox'
import { createSmtpSender } from './mail/smtp-sender'
import { providerHandlers } from './providers/provider-handlers'
import { createProviders } from './providers/providers'
import { removePastSignIns } from './providers/sign-ins-table'
import { createSessions } from './sessions/sessions'
import { createSessionTokens } from './sessions/session-token'
import { createSignOuts } from './sessions/sign-outs'
import { loadSigningKey } from './sessions/signing-key'
import { sweepSessions } from './sessions/sweep-sessions'
import { createAccountActs } from './staff/account-acts'
import { watchActs } from './staff/acts-watch'
import { createGrantsList } from './staff/grants-list'
import { createPeople } from './staff/people'
import { createPresets } from './staff/presets'
import { createQuotaActs } from './staff/quota-acts'
import { staffHandlers } from './staff/staff-handlers'
import { StartFailure } from './start-failure'
import { createSupportCodes } from './support/codes'
import { createRequests } from './support/requests'
import { supportHandlers } from './support/support-handlers'
import { startRealTimer } from './timer'
import { apiTokenHandlers } from './tokens/api-token-handlers'
import { type ApiTokenEnd, type ApiTokens, createApiTokens } from './tokens/api-tokens'
import { createTempTokens } from './tokens/temp-tokens'
import { tempTokenHandlers } from './tokens/temp-token-handlers'
import { formUploadHandlers } from './uploads/form-upload'
import { reconcileFiles, sweepUploads } from './uploads/recovery'
import { tusHandlers } from './uploads/tus-handlers'
import { Uploads } from './uploads/uploads'
import { createMediaProber } from './videos/media-prober'
import { RunningDownloads } from './videos/running-downloads'
import { createThumbnailer } from './videos/thumbnailer'
import { videoHandlers } from './videos/video-handlers'

export type Backend = AsyncDisposable & {
  readonly port: number
  readonly db: Database
  readonly uploads: Uploads
  /** How long and how much a connection may take, as the running server has it. */
  readonly limits: Pick<Server['server'], 'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout' | 'maxHeadersCount'>
  /** The regular sign of life on event streams, and the end of those whose credential is over. */
  readonly beatEvents: () => Promise<void>
  /** The regular clean-up, which otherwise runs by itself every few minutes. */
  readonly sweep: () => Promise<void>
  /** Resolves when all pictures of videos that can be made are made. */
  readonly thumbnailsMade: () => Promise<void>
  /** Resolves when no job runs or waits for its turn. */
  readonly jobsEnded: () => Promise<void>
  /** Tries to send each mail that is due, and resolves when that is done. */
  readonly deliverMail: () => Promise<void>
}

/** What tests replace. */
export type Surroundings = { readonly now: () => number; readonly random: RandomSource }

const realSurroundings: Surroundings = { now: () => Date.now(), random: systemRandom }
const beatMs = 15_000
/** How soon people hear of what the command line did beside the running backend. */
const actsMs = 1_000
const sweepMs = 10 * 60 * 1000

/**
 * Builds the whole backend and listens. Disposing takes it apart in reverse order.
 * @throws StartFailure with the reason that is shown to a person
 */
export async function startBackend(config: Config, { now, random }: Surroundings = realSurroundings): Promise<Backend> {
  await using parts = new AsyncDisposableStack()
  refuseMissingPrograms(config)
  makeDataFolder(config.dataFolder)
  parts.use(lockDataFolder(config.dataFolder))
  const db = openDatabase(config.dataFolder, { onLost: endAtOnce })
  parts.defer(() => db.destroy())
  const blobs = await openBlobStore(config.dataFolder)
  const server = createServer(config)
  const { log } = server
  const apiTokens: ApiTokens = createApiTokens({ db, now, random, onRevoked: (end) => onApiTokenRevoked(end) })
  const events = parts.use(
    createEvents({ db, now, random, log, endOf: (subscriber) => findStreamEnd({ db, apiTokens, now }, subscriber) }),
  )
  const hasher = parts.use(createBlobHasher(config.programs.hashWorker))
  const prober = parts.use(createMediaProber({ program: config.programs.mediaProbe, readableFolders: blobs.folders }))
  const thumbnailer = parts.use(createThumbnailer({ db, blobs, log, events, searchPath: config.searchPath }))

  const onRevoked = (revocation: Revocation): void => {
    uploads.stopRevoked(revocation)
    downloads.stopRevoked(revocation)
    backups.jobs.stopRevoked(revocation)
    events.tellRevoked(revocation)
  }
  const onApiTokenRevoked = (end: ApiTokenEnd): void => {
    uploads.stopApiToken(end)
    downloads.stopApiToken(end)
    backups.jobs.stopApiToken(end)
    events.endStreamsOf(end.tokenHash)
  }
  const passwordHasher = createPasswordHasher(random)
  const accounts = createAccounts({
    db,
    hasher: passwordHasher,
    registration: config.registration,
    now,
    random,
    onRevoked,
    onApiTokenRevoked,
  })
  const lastActivity = createLastActivity({ db, now })
  parts.defer(() => lastActivity.flush())
  const signingKey = loadSigningKey(config.dataFolder, random)
  const outbox =
    config.mail === null ? null : parts.use(createOutbox({ db, send: createSmtpSender(config.mail), log, now, random }))
  const sessions = createSessions({
    db,
    tokens: createSessionTokens(signingKey, now),
    lifeMs: config.sessionLifeMs,
    maxSessions: config.maxSessions,
    now,
    random,
    lastActivity,
    placeOf: await openPlaces(config.geoipFile),
    onRevoked,
    onOpening: async (transaction, opened) => {
      if (outbox !== null) await noticeNewDevice(transaction, outbox, opened)
    },
    onOpened: ({ userId, session, isNewDevice }) => {
      events.publish(userId, 'session.created', { session, isNewDevice })
      outbox?.wake()
    },
  })
  const devices = createDevices({
    db,
    now,
    lastActivity,
    onRenamed: (userId) => events.publish(userId, 'session.changed', {}),
  })
  const signOuts = createSignOuts({ db, now, sessions, uploads: () => uploads, onRevoked })
  const providers = createProviders({
    db,
    configs: config.providers,
    patienceMs: config.providerPatienceMs,
    registration: config.registration,
    publicUrl: () => config.publicUrl ?? ownUrl(server, config),
    signingKey,
    log,
    now,
    random,
  })
  const tempTokens = createTempTokens({ db, now, random, lastActivity })
  const downloads = new RunningDownloads({ db, tempTokens, now, log })
  await keepDefaultLimits(db, config.limits)
  const acts = await watchActs({ db, now, limits: config.limits, events, onRevoked, onApiTokenRevoked })
  const staff = { db, now, limits: config.limits, onActed: acts.look }
  const backups = parts.use(
    await createBackupService({
      db,
      blobs,
      signingKey,
      now,
      random,
      log,
      events,
      config,
      onRestored: () => thumbnailer.wake(),
    }),
  )
  const supportCodes = createSupportCodes({ ...staff, random })
  const metrics = createMetrics(() => uploads.receivingCount)
  const uploads: Uploads = new Uploads({
    db,
    blobs,
    hasher,
    prober,
    archives: backups.intake,
    tempTokens,
    metrics,
    random,
    now,
    startTimer: startRealTimer,
    config,
    events,
    onAccepted: () => thumbnailer.wake(),
  })

  addRoutes(server, {
    authentication: { sessions, apiTokens, tempTokens, noteRefusedKey: createRefusedKeys({ db, now }) },
    metrics,
    handlers: {
      ...accountHandlers({ db, accounts, sessions }),
      ...sessionHandlers({ accounts, sessions, devices, signOuts }),
      ...eventHandlers(events),
      ...providerHandlers({ db, providers, sessions }),
      ...tempTokenHandlers(tempTokens),
      ...apiTokenHandlers({ apiTokens, sessions }),
      ...quotaHandlers({ db, now, config }),
      ...staffHandlers({
        db,
        sessions,
        people: createPeople(staff),
        quotaActs: createQuotaActs(staff),
        accountActs: createAccountActs({ ...staff, hasher: passwordHasher, random }),
        grantsList: createGrantsList(staff),
        presets: createPresets(staff),
      }),
      ...supportHandlers({ db, sessions, requests: createRequests(staff), codes: supportCodes }),
      ...tusHandlers({ uploads, config, startTimer: startRealTimer }),
      ...formUploadHandlers({ db, uploads, config }),
      ...videoHandlers({ db, blobs, events, downloads }),
      ...backups.handlers({ downloads, sessions, staff }),
      ...operationsHandlers({ db, dataFolder: config.dataFolder, metrics, openApi: createOpenApi() }),
    },
  })
  const sweep = async (): Promise<void> => {
    await sweepUploads({ db, blobs, uploads, now, log })
    await lastActivity.flush()
    await sweepSessions(db, now())
    await events.sweep()
    await backups.tick()
    await removePastSignIns(db, now())
    await supportCodes.sweep()
  }
  await reconcileFiles({ db, blobs, log })
  await backups.reconcile()
  parts.defer(async () => {
    // Once while clients can still be answered, and once for whoever slipped in before the door closed.
    await uploads[Symbol.asyncDispose]()
    events.close()
    await server.close()
    await uploads[Symbol.asyncDispose]()
  })
  const port = await listen(server, config)

  const chores = parts.use(new Chores(log))
  chores.every(sweepMs, sweep)
  chores.every(beatMs, events.beat)
  chores.every(actsMs, acts.look)
  chores.once(async () => {
    await sweep()
    thumbnailer.wake()
    backups.jobs.wake()
  })

  const running = parts.move()
  return {
    port,
    db,
    uploads,
    limits: server.server,
    beatEvents: events.beat,
    sweep,
    thumbnailsMade: thumbnailer.idle,
    jobsEnded: () => {
      backups.jobs.wake()
      return backups.jobs.idle()
    },
    deliverMail: () => outbox?.deliver() ?? Promise.resolve(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Better at the start than at the first upload, which would be refused for a reason of ours. */
function refuseMissingPrograms({ programs }: Config): void {
  for (const path of Object.values(programs)) {
    if (!existsSync(path)) throw new StartFailure('unexpected', `a part of the program is missing: ${path}`)
  }
}

function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartFailure('data-folder-unusable', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    throw new StartFailure('port-in-use', error.message, { cause: error })
  }
  return portOf(server)
}

function portOf(server: Server): number {
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

/** Where a browser on this machine finds the backend. */
function ownUrl(server: Server, { host }: Pick<Config, 'host'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`
}
