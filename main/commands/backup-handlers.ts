import { join } from 'node:path'
import { open } from 'node:fs/promises'
import { archiveMediaType } from '../../contract/backups'
import type { CommandHandlers, CommandName } from '../../contract/desktop'
import { AppError } from '../../contract/failures'
import { videoIdSchema } from '../../contract/ids'
import { jobStatusSchema } from '../../contract/jobs'
import { restorePlanSchema } from '../../contract/backups'
import { safeFileName } from '../downloads/file-names'
import type { LastFolder } from '../downloads/last-folder'
import type { Host } from '../host'
import type { Restores } from '../restores/restores'
import type { Sessions } from '../sessions/sessions'
import type { Transfers } from '../transfers/transfers'
import type { SourceHandles } from '../uploads/source-handles'

type BackupCommand = Extract<CommandName, `backups:${string}` | `restores:${string}`>

type Parts = {
  readonly host: Pick<Host, 'chooseDownloadFolder'>
  readonly lastFolder: LastFolder
  readonly sessions: Pick<Sessions, 'call'>
  readonly transfers: Pick<Transfers, 'add' | 'addDownloads'>
  readonly sources: SourceHandles
  readonly restores: Restores
}

const entriesAtOnce = 200
/** Nobody saves so many reports of one name. */
const mostNames = 1_000

/** Backups and restores: what the backend does, and what of it goes through the queue of transfers. */
export function createBackupHandlers(parts: Parts): Pick<CommandHandlers, BackupCommand> {
  const { host, lastFolder, sessions, transfers, sources, restores } = parts
  const call: Sessions['call'] = (name, options) => sessions.call(name, options)

  const chooseFolder = async (): Promise<string | null> => {
    const folder = await host.chooseDownloadFolder(lastFolder.get())
    if (folder !== null) lastFolder.set(folder)
    return folder
  }

  return {
    'backups:list': () => call('backups'),
    'backups:create': () => call('createBackup'),
    'backups:delete': async (id) => {
      await call('deleteBackup', { params: { id } })
    },
    'backups:check': async (id) => {
      await call('checkBackup', { params: { id } })
    },
    'backups:schedule': (body) => call('changeSchedule', { body }),
    'backups:entries': ({ id, query, after }) =>
      call('backupEntries', {
        params: { id },
        query: { after, limit: entriesAtOnce, ...(query.trim() === '' ? {} : { query }) },
      }),
    'backups:download': async (id) => {
      const { filename, sizeBytes, sha256 } = await call('backup', { params: { id } })
      if (sizeBytes === null || sha256 === null) throw new AppError({ code: 'job-state-conflict' })
      const folder = await chooseFolder()
      if (folder === null) return null
      // The queue knows what a download comes from by one kind of id; its media type says which kind of thing that is.
      const file = { videoId: videoIdSchema.parse(id), name: filename, sizeBytes, sha256, durationSeconds: 0 }
      const archive = { ...file, mediaType: archiveMediaType }
      return (await transfers.addDownloads([archive], { folder, ifExists: 'keep-both' })).ids
    },
    'backups:send': async (handle) => {
      const file = sources.get(handle)
      if (file === null) throw new AppError({ code: 'file-missing' })
      file.facts = { durationSeconds: null, mediaType: archiveMediaType }
      await transfers.add([file])
      sources.forget([handle])
    },

    'restores:plan': async (body) =>
      restorePlanSchema.parse(await call('createRestore', { body: { ...body, dryRun: true } })),
    'restores:start': (body) => restores.start(body),
    'restores:list': async () => (await call('restores')).restores,
    'restores:pause': async (id) => {
      await call('pauseRestore', { params: { id } })
    },
    'restores:resume': async (id) => {
      await restores.follow(await call('resumeRestore', { params: { id } }))
    },
    'restores:cancel': async ({ id, keep }) => {
      await call('cancelRestore', { params: { id }, body: { keep } })
    },
    'restores:retry': async (id) => {
      await restores.follow(jobStatusSchema.parse(await call('retryRestore', { params: { id } })))
    },
    'restores:report': ({ id, after }) => call('restoreReport', { params: { id }, query: { after } }),
    'restores:try-again': () => {
      restores.tryAgain()
      return Promise.resolve()
    },
    'restores:dismiss': (id) => {
      restores.dismiss(id)
      return Promise.resolve()
    },
    'restores:save-report': async ({ name, text }) => {
      const folder = await chooseFolder()
      return folder === null ? null : { path: await writeNew(folder, name, text) }
    },
  }
}

/** Under the first name that is free: nothing that is there is ever written over. */
async function writeNew(folder: string, name: string, text: string): Promise<string> {
  for (let number = 1; number < mostNames; number += 1) {
    const path = join(folder, safeFileName(name, number))
    try {
      await using file = await open(path, 'wx', 0o600)
      await file.writeFile(text, 'utf8')
      await file.sync()
      return path
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code === 'EEXIST') continue
      if (code === 'ENOENT') throw new AppError({ code: 'folder-missing' }, { cause: error })
      if (code === 'ENOSPC') throw new AppError({ code: 'local-disk-full', missingBytes: null }, { cause: error })
      throw new AppError({ code: 'folder-unwritable', detail: code }, { cause: error })
    }
  }
  throw new Error('no name is free')
}
