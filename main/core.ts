import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import v8 from 'node:v8'
import vm from 'node:vm'
import { version } from '../package.json'
import { type AppInfo, failed, type SessionStatus } from '../contract/desktop'
import type { Reply } from '../contract/failures'
import { idleMemory, idlePeriodMs, memoryOf } from '../contract/idle-memory'
import { isByteMoving } from '../contract/moving'
import { resolveLanguage } from '../contract/resolve-language'
import type { SourceHandle, UserId } from '../contract/ids'
import { createBackendClient } from './backend/backend-client'
import { startBackendProcess } from './backend/backend-process'
import { watchRemoteBackend } from './backend/remote-backend'
import { noV8Flags, probeV8Flags } from './backend/v8-flags'
import { createDispatch, type Dispatch, failureOf } from './commands/dispatch'
import { createHandlers } from './commands/handlers'
import type { DataFolder } from './data-folder'
import { createDownloads } from './downloads/downloads'
import { openLastFolder } from './downloads/last-folder'
import { type AnyEvent, createEvents } from './events'
import type { Host } from './host'
import type { Log } from './log'
import { createLive } from './live/live'
import { createQuota } from './quota/quota'
import { createToldChanges } from './quota/told-changes'
import { createRestores } from './restores/restores'
import { createProviderSignIn } from './sessions/provider-sign-in'
import { createNewDevices } from './sessions/new-devices'
import { openSessionNotes } from './sessions/session-notes'
import { queueOwnerOf, restoresOwnerOf, toSessionStatus } from './sessions/session-state'
import { createSessions } from './sessions/sessions'
import { createTokenStore } from './sessions/token-store'
import { openSettings } from './settings/settings-file'
import { createShell, type Shell } from './shell/shell'
import type { WindowMemoryStore } from './shell/window-memory'
import { createSupport } from './support/support'
import { realClock } from './transfers/real-clock'
import { createTransfers } from './transfers/transfers'
import { nothingQueued } from './transfers/transfers-mirror'
import { createUpdates } from './updates/updates'
import { createInspector } from './uploads/inspect'
import { createSourceHandles } from './uploads/source-handles'
import { createMediaTickets } from './videos/media-tickets'
import { createOpenMedia, type OpenMedia } from './videos/media'

/** Systems by the names that people know. */
const systemNames: Partial<Record<NodeJS.Platform, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

const quotaEveryMs = 60_000

/** Everything of the app that is not a window: what both hosts show and drive. */
export type Core = {
  readonly dispatch: Dispatch
  subscribe(listener: (event: AnyEvent) => void): () => void
  /** Paths that the host got from a dialogue or a drop, never from the page; folders are opened. */
  takePaths(paths: readonly string[]): Promise<Reply<SourceHandle[]>>
  /** A file that was copied to the spool folder because its page has no path for it. */
  takeSpooledFile(file: { readonly path: string; readonly name: string }): Promise<Reply<SourceHandle>>
  readonly openMedia: OpenMedia
  /** Menus, notices and whatever else stands around the window. */
  readonly shell: Shell
} & AsyncDisposable

/** The one composition of the app's process, which also takes it apart in reverse order (`architecture.md`, rule 5). */
export async function startCore({
  host,
  folder,
  memory,
  server,
  backendArgs,
  programDir,
  log,
  now,
}: {
  readonly host: Host
  readonly folder: DataFolder
  readonly memory: WindowMemoryStore
  /** The address of a backend elsewhere; null starts the embedded one. */
  readonly server: string | null
  /** More for the command line of the embedded one (`backend-files.ts`). */
  readonly backendArgs: readonly string[]
  /** Where the built programs are: backend, transfer process, media probe. */
  readonly programDir: string
  readonly log: Log
  readonly now: () => Date
}): Promise<Core> {
  await using stack = new AsyncDisposableStack()
  const { publish, subscribe } = createEvents()
  log.info('app.starting', {
    version,
    host: host.app.host,
    node: process.versions.node,
    electron: process.versions['electron'],
  })

  const settings = openSettings(folder.desktop, log)
  const v8Flags = host.app.host === 'browser' ? await probeV8Flags() : noV8Flags
  const backend = stack.use(
    server === null
      ? startBackendProcess({
          programPath: join(programDir, 'backend.js'),
          dataDir: folder.backend,
          moreArgs: backendArgs,
          logFile: join(folder.desktop, 'backend.log'),
          forkProgram: host.forkProgram,
          execArgv: v8Flags.backend,
          log,
          now,
        })
      : watchRemoteBackend({ address: server, now }),
  )

  const client = createBackendClient(backend.origin)
  const store = createTokenStore({
    loadKeychain: async () => (await import('keytar')).default,
    account: `session ${createHash('sha256')
      .update(`${folder.root} ${server ?? ''}`)
      .digest('hex')
      .slice(0, 16)}`,
    log,
  })
  const system = systemNames[process.platform] ?? process.platform
  const device = { name: hostname(), type: 'desktop', os: `${system} ${process.arch}`, app: `Reelport ${version}` } as const
  const notes = openSessionNotes(folder.desktop, log)
  const newDevices = createNewDevices(notes)
  const sessions = createSessions({
    client,
    store,
    notes,
    device,
    language: () => resolveLanguage(settings.current().language, host.app.osLocale),
    log,
    now,
  })
  const providerSignIn = stack.use(createProviderSignIn({ origin: backend.origin, log }))
  const quota = createQuota({ sessions, told: createToldChanges(notes), now })
  const tickets = createMediaTickets(now)
  const sources = createSourceHandles({ spoolDir: folder.spool })
  const inspector = stack.use(createInspector({ forkProgram: host.forkProgram, programDir }))
  const transfers = stack.use(
    createTransfers({
      forkProgram: host.forkProgram,
      execArgv: v8Flags.transfers,
      programDir,
      dataDir: folder.desktop,
      spoolDir: folder.spool,
      requestTempToken: async (use) => {
        const uploadId = use.operation === 'upload' ? use.uploadId : null
        const { temp_token: tempToken, expires_at: expiresAt } = await sessions.call('createTempToken', {
          body: { operation: use.operation, ...(uploadId === null ? {} : { uploadId }) },
        })
        return { tempToken, expiresAt }
      },
      findTwin: async ({ sizeBytes, sha256 }) => {
        // By size the index has it ready; one is proof enough.
        const query = { sizeBytes, ...(sha256 === null ? {} : { sha256 }), sort: 'largest', limit: 1 } as const
        const [video] = (await sessions.call('videos', { query })).videos
        if (video === undefined) return null
        return { videoId: video.id, name: video.filename, uploadedAt: video.createdAt }
      },
      acceptHeldUpload: async (uploadId) => {
        const { videoId } = await sessions.call('acceptUpload', { params: { id: uploadId } })
        return { videoId }
      },
      settings: settings.current(),
      log,
      now,
    }),
  )

  const restores = stack.use(createRestores({ client, sessions, clock: realClock, log }))
  restores.onChange(() => publish('restores:changed', restores.followed()))
  const lookForRestores = (): void => {
    restores.look().catch((error: unknown) => failureOf(error, log, 'restores.look'))
  }
  const refreshQuota = (): void => {
    quota.refresh().catch((error: unknown) => failureOf(error, log, 'quota'))
  }
  const live = stack.use(
    createLive({
      origin: backend.origin,
      sessions,
      notes,
      newDevices,
      news: {
        onDevices: () => publish('devices:changed', undefined),
        onQuota: refreshQuota,
        onVideos: () => publish('videos:changed', undefined),
        onJobs: () => {
          publish('backups:changed', undefined)
          lookForRestores()
        },
      },
      log,
      now,
    }),
  )
  live.onChange(() => publish('live:changed', live.status()))
  newDevices.onChange(() => publish('new-devices:changed', [...newDevices.list()]))

  backend.onChange(() => {
    publish('backend:changed', backend.status())
    live.follow()
    const origin = backend.origin()
    transfers.setBackend(origin === null ? null : { origin, ...(server === null ? {} : { backendId: server }) })
    if (origin !== null) void sessions.restore().catch((error: unknown) => failureOf(error, log, 'sessions.restore'))
  })
  let signedInAs: UserId | null = null
  let queueOwner: UserId | null = null
  const sessionStatus = (): SessionStatus => toSessionStatus(sessions.status(), transfers.items().items)
  let toldSession = ''
  const tellSession = (): void => {
    const status = sessionStatus()
    toldSession = JSON.stringify(status)
    publish('session:changed', status)
  }
  const isSignedIn = (): boolean => sessions.status().kind === 'signed-in'
  sessions.onChange(() => {
    const status = sessions.status()
    const userId = status.kind === 'signed-in' ? status.user.id : null
    // A queue whose session was ended stays its owner's: what may finish does, and the rest goes on after a sign-in.
    const owner = queueOwnerOf(status)
    if (owner !== queueOwner || userId !== signedInAs) transfers.setAccount(owner)
    queueOwner = owner
    const follower = restoresOwnerOf(status)
    if (follower !== undefined) restores.setAccount(follower)
    // Said before anybody can sign in again, and once more after a start: nothing of it may be sent from its first byte.
    if (owner !== null && status.kind === 'signed-out' && status.ended?.isDiscarded === true) {
      transfers.discardBegun(owner).catch((error: unknown) => failureOf(error, log, 'transfers.discard'))
    }
    if (userId !== signedInAs) {
      signedInAs = userId
      tickets.forgetAll()
      quota.forget()
      publish('new-devices:changed', [...newDevices.list()])
      if (userId !== null) refreshQuota()
      if (userId !== null) lookForRestores()
      const { items, summary } = userId === null ? nothingQueued : transfers.items()
      publish('transfers:changed', { changed: items, order: items.map(({ id }) => id), summary })
    }
    tellSession()
    live.follow()
  })
  quota.onChange(() => publish('quota:changed', quota.status()))
  const keepAwake = (): void => {
    const isMoving = transfers.items().items.some(({ status }) => isByteMoving(status.kind))
    if (host.app.capabilities.keepAwake) host.keepAwake(isMoving && settings.current().keepsAwake)
  }
  stack.defer(() => host.keepAwake(false))
  const memoryTimer = setInterval(idleMemory(memoryOf({ process, v8, vm }), idlePeriodMs), idlePeriodMs)
  memoryTimer.unref()
  stack.defer(() => clearInterval(memoryTimer))
  const updates = stack.use(
    createUpdates({
      updater: host.updater,
      clock: { now: () => now().getTime(), after: realClock.after },
      log,
      onChange: (status) => publish('updates:changed', status),
    }),
  )
  transfers.onChange((change) => {
    keepAwake()
    updates.onWork(transfers.items().items.some(({ status }) => isByteMoving(status.kind)))
    if (isSignedIn()) publish('transfers:changed', change)
    else if (JSON.stringify(sessionStatus()) !== toldSession) tellSession()
  })
  transfers.onQuotaTouched(refreshQuota)
  transfers.onVideoStored(() => publish('videos:changed', undefined))
  const applySettings = (): void => transfers.changeSettings({ ...settings.current(), pause: shell.pause() })
  const shell = stack.use(
    createShell({
      host: host.shell,
      settings,
      memory,
      transfers,
      sessions,
      newDevices,
      sources,
      onPauseChange: applySettings,
      publish,
      log,
      now,
    }),
  )
  applySettings()
  settings.onChange((next) => {
    applySettings()
    keepAwake()
    publish('settings:changed', next)
  })
  const timer = setInterval(() => {
    if (signedInAs !== null) refreshQuota()
  }, quotaEveryMs)
  stack.defer(() => clearInterval(timer))

  const app: AppInfo = { version, ...host.app }
  const support = createSupport({ app, host, folder, settings, backend, sessions, quota, shell, transfers, now })
  const lastFolder = openLastFolder(folder.desktop, log)
  const downloads = createDownloads({ host, sessions, transfers, lastFolder })
  const handlers = createHandlers({
    app,
    system: device.os,
    host,
    backend,
    sessions,
    providerSignIn,
    newDevices,
    live,
    quota,
    transfers,
    downloads,
    restores,
    lastFolder,
    sources,
    inspector,
    settings,
    shell,
    support,
    updates,
    memory,
    tickets,
    publish,
    log,
  })
  const parts = stack.move()
  return {
    dispatch: createDispatch(handlers, log),
    subscribe,
    takePaths: async (paths) => {
      try {
        return { ok: true, value: await sources.fromPaths(paths) }
      } catch (error) {
        return failed(failureOf(error, log, 'files'))
      }
    },
    takeSpooledFile: (file) => Promise.resolve({ ok: true, value: sources.fromSpool(file) }),
    openMedia: createOpenMedia({ tickets, sessions, origin: backend.origin }),
    shell,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
