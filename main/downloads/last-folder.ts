import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Log } from '../log'

export type LastFolder = { get(): string | null; set(path: string): void }

/** Where the last downloads went, so that the dialogue begins there. A convenience: trouble with it is told to the log alone. */
export function openLastFolder(folder: string, log: Log): LastFolder {
  const path = join(folder, 'download-folder.json')
  return {
    get() {
      try {
        return z.string().parse(JSON.parse(readFileSync(path, 'utf8')))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.error('downloads.last-folder-unread', error)
        return null
      }
    },
    set(next) {
      try {
        writeFileSync(path, JSON.stringify(next), { mode: 0o600 })
      } catch (error) {
        log.error('downloads.last-folder-unsaved', error)
      }
    },
  }
}
