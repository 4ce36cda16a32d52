import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { Updater } from '../updates/updater'

/** What a release says of itself is text for us, whatever a feed makes of it. */
function newsOf(notes: string | readonly { readonly note: string | null }[] | null | undefined): string {
  const text = typeof notes === 'string' ? notes : (notes ?? []).map(({ note }) => note ?? '').join('\n\n')
  return text.replaceAll(/<[^>]*>/g, '').trim()
}

/**
 * The updater of the installed app, where an address for it was packaged with it (`npm run package -- --updates`); null
 * everywhere else. Its library is loaded with the first look.
 * @param beforeInstall takes the app apart
 */
export function createUpdater(beforeInstall: () => Promise<void>): Updater | null {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return null
  const load = async () => {
    const { autoUpdater } = (await import('electron-updater')).default
    autoUpdater.autoDownload = false
    autoUpdater.autoInstallOnAppQuit = true
    autoUpdater.allowDowngrade = false
    autoUpdater.allowPrerelease = false
    return autoUpdater
  }
  return {
    check: async () => {
      const result = await (await load()).checkForUpdates()
      if (result === null || !result.isUpdateAvailable) return null
      return { version: result.updateInfo.version, news: newsOf(result.updateInfo.releaseNotes) }
    },
    download: async (onShare) => {
      const autoUpdater = await load()
      const tell = ({ percent }: { readonly percent: number }): void => onShare(percent / 100)
      autoUpdater.on('download-progress', tell)
      try {
        await autoUpdater.downloadUpdate()
      } finally {
        autoUpdater.removeListener('download-progress', tell)
      }
    },
    install: () => {
      const install = async (): Promise<void> => {
        // The new version may be started before this one has ended: by then its folder has to be free.
        await beforeInstall()
        app.releaseSingleInstanceLock()
        ;(await load()).quitAndInstall(false, true)
      }
      // Taken apart as it is by then, the app cannot go on: it ends, and the version is installed at its end.
      install().catch(() => app.quit())
    },
  }
}
