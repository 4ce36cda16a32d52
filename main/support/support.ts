import { homedir, hostname, release, userInfo } from 'node:os'
import { join } from 'node:path'
import type { AppInfo } from '../../contract/desktop'
import type { BackendProcess } from '../backend/backend-process'
import type { DataFolder } from '../data-folder'
import type { Host } from '../host'
import type { Quota } from '../quota/quota'
import { toSessionStatus } from '../sessions/session-state'
import type { Sessions } from '../sessions/sessions'
import type { SettingsStore } from '../settings/settings-file'
import type { Shell } from '../shell/shell'
import type { Transfers } from '../transfers/transfers'
import { nothingQueued } from '../transfers/transfers-mirror'
import type { Known } from './redact'
import { lastLines, supportText } from './support-text'

export type Support = {
  /** @param withNames of files, people and folders */
  read(withNames: boolean): Promise<string>
  /** Has the host save the same text. */
  save(withNames: boolean): Promise<void>
}

/** Gathers what support needs to know of the app as a whole. */
export function createSupport(parts: {
  readonly app: AppInfo
  readonly host: Host
  readonly folder: DataFolder
  readonly settings: SettingsStore
  readonly backend: Pick<BackendProcess, 'status' | 'origin'>
  readonly sessions: Pick<Sessions, 'status'>
  readonly quota: Pick<Quota, 'status'>
  readonly shell: Pick<Shell, 'work'>
  readonly transfers: Pick<Transfers, 'items'>
  readonly now: () => Date
}): Support {
  const { app, host, folder, settings, backend, sessions, quota, shell, transfers, now } = parts
  const knownOf = (): Known[] => {
    const status = sessions.status()
    const user = status.kind === 'signed-in' ? status.user : null
    const account = status.kind === 'signed-out' ? (status.ended?.username ?? '') : (user?.username ?? '')
    const device = status.kind === 'signed-in' ? status.session.device.name : ''
    const { username: systemUser } = userInfo()
    return [
      { value: folder.root, as: '<data>' },
      { value: homedir(), as: '<home>' },
      { value: hostname(), as: '<machine>' },
      { value: device, as: '<machine>' },
      { value: account, as: '<person>' },
      { value: user?.displayName ?? '', as: '<person>' },
      // A program runs as root on many machines, and the word is in many others.
      { value: systemUser === 'root' ? '' : systemUser, as: '<person>' },
    ]
  }
  const read = async (withNames: boolean): Promise<string> => {
    // Rows that wait for their person to sign in again are nobody else's to see.
    const { items } = sessions.status().kind === 'signed-in' ? transfers.items() : nothingQueued
    return supportText({
      app,
      system: `${process.platform} ${process.arch} ${release()}`,
      versions: { node: process.versions.node, electron: process.versions['electron'], sqlite: process.versions['sqlite'] },
      settings: settings.current(),
      backend: backend.status(),
      session: toSessionStatus(sessions.status(), items),
      quota: quota.status(),
      work: shell.work(),
      transfers: items,
      appLog: await lastLines(join(folder.desktop, 'reelport.log')),
      backendLog: await lastLines(join(folder.desktop, 'backend.log')),
      known: knownOf(),
      withNames,
      now: now(),
    })
  }
  return {
    read,
    save: async (withNames) =>
      host.saveText(await read(withNames), `reelport-details-${now().toISOString().slice(0, 10)}.txt`),
  }
}
