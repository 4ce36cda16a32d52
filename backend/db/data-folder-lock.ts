import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartFailure } from '../start-failure'
import { sqliteErrorCode } from './database'

/**
 * Keeps a second backend out of a data folder. SQLite's file lock is the operating system's, so it dies with the process,
 * however that dies; nothing is left behind to be cleaned up.
 * @throws StartFailure `database-locked` while another process holds the folder
 */
export function lockDataFolder(dataFolder: string): Disposable {
  const database = new DatabaseSync(join(dataFolder, 'lock.sqlite'))
  try {
    database.exec('PRAGMA busy_timeout = 0')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    const code = sqliteErrorCode(error)
    if (code === 5 || code === 6) {
      throw new StartFailure('database-locked', 'another backend uses this data folder', { cause: error })
    }
    throw new StartFailure('data-folder-unusable', error instanceof Error ? error.message : String(error), { cause: error })
  }
  return { [Symbol.dispose]: () => database.close() }
}
