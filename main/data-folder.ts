import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where this installation keeps what it must not lose. The embedded backend has a folder of its own in it. */
export type DataFolder = {
  readonly root: string
  readonly backend: string
  readonly desktop: string
  readonly spool: string
}

/** The folder that the system means for a program's data, or the one that was asked for. */
export function dataFolderRoot({
  asked,
  platform,
  env,
}: {
  readonly asked: string | undefined
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
}): string {
  if (asked !== undefined && asked !== '') return resolve(asked)
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Reelport')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Reelport')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'reelport')
}

/** Makes the folders, readable by this person only. Raises what the file system says where that cannot be done. */
export function openDataFolder(root: string): DataFolder {
  const folder = {
    root,
    backend: join(root, 'backend'),
    desktop: join(root, 'desktop'),
    spool: join(root, 'desktop', 'spool'),
  }
  for (const path of Object.values(folder)) mkdirSync(path, { recursive: true, mode: 0o700 })
  return folder
}
