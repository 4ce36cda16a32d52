import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The folder that the system means for downloads, or the one that was asked for. */
export function downloadFolderOf({
  asked,
  platform,
  home = homedir(),
  env,
}: {
  readonly asked: string | undefined
  readonly platform: NodeJS.Platform
  readonly home?: string
  readonly env: NodeJS.ProcessEnv
}): string {
  if (asked !== undefined && asked !== '') return resolve(asked)
  const ownName = platform === 'win32' || platform === 'darwin' ? null : readUserDirs(env['XDG_CONFIG_HOME'], home)
  return ownName ?? join(home, 'Downloads')
}

/** What a Linux desktop calls it in the language of its person (freedesktop.org, xdg-user-dirs); null where it says nothing. */
function readUserDirs(configHome: string | undefined, home: string): string | null {
  try {
    const text = readFileSync(join(configHome ?? join(home, '.config'), 'user-dirs.dirs'), 'utf8')
    const found = /^XDG_DOWNLOAD_DIR="(\$HOME)?(.*)"$/m.exec(text)
    if (found === null) return null
    const path = join(found[1] === undefined ? '/' : home, found[2] ?? '')
    // A desktop without such a folder says that it is the home itself.
    return path === join(home, '') || path === `${home}/` ? null : path
  } catch {
    return null
  }
}
