import { dirname } from 'node:path'
import type { AppInfo, CommandHandlers } from '../../contract/desktop'
import { AppError } from '../../contract/failures'
import type { SourceHandle } from '../../contract/ids'
import { resolveLanguage } from '../../contract/resolve-language'
import type { BackendProcess } from '../backend/backend-process'
import type { LastFolder } from '../downloads/last-folder'
import type { Downloads } from '../downloads/downloads'
import type { Publish } from '../events'
import type { Host } from '../host'
import type { Live } from '../live/live'
import type { Log } from '../log'
import type { Quota } from '../quota/quota'
import type { ProviderSignIn } from '../sessions/provider-sign-in'
import type { NewDevices } from '../sessions/new-devices'
import { toSessionStatus } from '../sessions/session-state'
import type { Restores } from '../restores/restores'
import type { Sessions } from '../sessions/sessions'
import type { SettingsStore } from '../settings/settings-file'
import type { AppUpdates } from '../updates/updates'
import type { Support } from '../support/support'
import type { Shell } from '../shell/shell'
import type { WindowMemoryStore } from '../shell/window-memory'
import { takeSnapshot } from '../support/snapshot'
import { supportDetails } from '../transfers/support-details'
import type { Transfers } from '../transfers/transfers'
import type { Inspector } from '../uploads/inspect'
import type { SourceFile, SourceHandles } from '../uploads/source-handles'
import type { MediaTickets } from '../videos/media-tickets'
import { createBackupHandlers } from './backup-handlers'
import { createProviderHandlers } from './provider-handlers'
import { nothingQueued } from '../transfers/transfers-mirror'
import { createSessionHandlers } from './session-handlers'
import { createStaffHandlers } from './staff-handlers'
import { createSupportHandlers } from './support-handlers'

export type HandlerParts = {
  readonly app: AppInfo
  /** The operating system by the name that people know. */
  readonly system: string
  readonly host: Host
  readonly backend: BackendProcess
  readonly sessions: Sessions
  readonly providerSignIn: ProviderSignIn
  readonly newDevices: NewDevices
  readonly live: Live
  readonly quota: Quota
  readonly transfers: Transfers
  readonly downloads: Downloads
  readonly restores: Restores
  readonly lastFolder: LastFolder
  readonly sources: SourceHandles
  readonly inspector: Inspector
  readonly settings: SettingsStore
  readonly shell: Shell
  readonly support: Support
  readonly updates: AppUpdates
  readonly memory: WindowMemoryStore
  readonly tickets: MediaTickets
  readonly publish: Publish
  readonly log: Log
}

/** What each command does; the composition of what the nouns offer, and nothing more. */
export function createHandlers(parts: HandlerParts): CommandHandlers {
  const {
    app,
    system,
    host,
    backend,
    sessions,
    newDevices,
    live,
    quota,
    transfers,
    downloads,
    restores,
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
  } = parts

  const filesOf = (handles: readonly SourceHandle[]): SourceFile[] =>
    handles.map((handle) => {
      const file = sources.get(handle)
      if (file === null) throw new AppError({ code: 'file-missing' })
      return file
    })

  return {
    'app:snapshot': () =>
      Promise.resolve({
        app,
        backend: backend.status(),
        session: toSessionStatus(sessions.status(), transfers.items().items),
        live: live.status(),
        newDevices: [...newDevices.list()],
        quota: quota.status(),
        // Rows that wait for their person to sign in again are nobody else's to see.
        transfers: sessions.status().kind === 'signed-in' ? transfers.items() : nothingQueued,
        settings: settings.current(),
        work: shell.work(),
        updates: updates.status(),
        restores: restores.followed(),
      }),
    'app:log-error': ({ message, stack }) => {
      log.warn('page.error', { message, stack })
      return Promise.resolve()
    },
    'backend:retry': () => {
      backend.retry()
      return Promise.resolve()
    },

    ...createSessionHandlers({ sessions, newDevices, publish }),
    ...createProviderHandlers(parts),
    ...createBackupHandlers(parts),
    'quota:refresh': () => quota.refresh(),

    'uploads:pick': async ({ kind }) => {
      const paths = await host.pickPaths(kind, { folder: memory.current().videoFolder, kindName: shell.kindName() })
      const [first] = paths
      if (first !== undefined) memory.change({ videoFolder: dirname(first) })
      return await sources.fromPaths(paths)
    },
    'uploads:inspect': async (handles) => {
      if (quota.status().quota === null) await quota.refresh()
      return await inspector.inspect(filesOf(handles), { quota: quota.status().quota, queued: transfers.items().items })
    },
    'uploads:add': async (handles) => {
      const files = filesOf(handles)
      try {
        const ids = await transfers.add(files)
        sources.forget(handles)
        return ids
      } catch (error) {
        // Refused, so the queue has none of them and never will; after a bug it may have, and keeps its copies.
        if (error instanceof AppError && error.failure.code !== 'unexpected') await sources.discard(handles)
        throw error
      }
    },
    'uploads:discard': (handles) => sources.discard(handles),

    'transfers:pause': (ids) => transfers.pause(ids),
    'transfers:resume': (ids) => transfers.resume(ids),
    'transfers:retry': (ids) => {
      // A row that waits for a server elsewhere waits for what asks after that server.
      if (backend.status().kind === 'restarting') backend.retry()
      return transfers.retry(ids)
    },
    'transfers:start-over': (ids) => transfers.startOver(ids),
    'transfers:cancel': (ids) => transfers.cancel(ids),
    'transfers:upload-next': (id) => transfers.uploadNext(id),
    'transfers:remove': (ids) => transfers.remove(ids),
    'transfers:find-file': async ({ id, handle }) => {
      const [file] = filesOf([handle])
      if (file === undefined) return
      try {
        await transfers.findFile(id, file)
        sources.forget([handle])
      } catch (error) {
        // As in `uploads:add`.
        if (error instanceof AppError && error.failure.code !== 'unexpected') await sources.discard([handle])
        throw error
      }
    },
    'transfers:reveal': async (id) => {
      const path = await transfers.pathOf(id)
      if (path === null) throw new AppError({ code: 'file-missing' })
      host.revealInFolder(path)
    },

    'transfers:support-details': async (id) => {
      const transfer = sessions.status().kind === 'signed-in' && transfers.items().items.find((item) => item.id === id)
      const record = transfer ? await transfers.recordOf(id) : null
      if (!transfer || record === null) throw new AppError({ code: 'not-found' })
      const system = `${process.platform} ${process.arch}`
      return { text: supportDetails({ app, system, backend: backend.status().kind, transfer, record, nowMs: Date.now() }) }
    },

    'videos:list': ({ cursor, query, sort }) =>
      sessions.call('videos', {
        query: { sort, ...(cursor === null ? {} : { cursor }), ...(query.trim() === '' ? {} : { query: query.trim() }) },
      }),
    'downloads:add': (wanted) => downloads.add(wanted),
    'videos:delete': async (id) => {
      await sessions.call('deleteVideo', { params: { id } })
      publish('videos:changed', undefined)
      await quota.refresh()
    },
    'videos:media-url': (id) => {
      const ticket = tickets.issue(id)
      // Both hosts serve `/media/` beside the page, so the address is of its own origin in either.
      return Promise.resolve({ contentUrl: `/media/${ticket}/content`, thumbnailUrl: `/media/${ticket}/thumbnail` })
    },
    'power:tell': (facts) => Promise.resolve(shell.tellPower(facts)),
    'settings:change': (patch) => Promise.resolve(settings.change(patch)),
    'support:read': async ({ withNames }) => ({ text: await support.read(withNames) }),
    'support:save': ({ withNames }) => support.save(withNames),
    'updates:check': () => updates.check(),
    'updates:install': () => Promise.resolve(updates.install()),
    'shell:speak': (words) => Promise.resolve(shell.speak(words)),
    'notices:show': (notice) => Promise.resolve(shell.showNotice(notice)),
    'openings:take': () => Promise.resolve(shell.takeOpening()),
    ...createStaffHandlers(sessions),
    ...createSupportHandlers({
      sessions,
      quota,
      saveText: async (text, name) => {
        if (app.capabilities.saveFiles) await host.saveText(text, name)
        return app.capabilities.saveFiles
      },
      now: () => new Date(),
      snapshot: () =>
        takeSnapshot({
          app: {
            version: app.version,
            host: app.host,
            system,
            language: resolveLanguage(settings.current().language, app.osLocale),
          },
          live: live.status(),
          quota: quota.status(),
          transfers: transfers.items(),
        }),
    }),
  }
}
