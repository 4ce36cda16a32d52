import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Somebody else is at work in this data folder. */
export class AppAlreadyRunning extends Error {
  override name = 'AppAlreadyRunning'
}

/**
 * Makes this process the only app of a data folder: two owners of one journal would send one file twice (`security.md` D35).
 * The lock is SQLite's on a file of its own, because the system lets it go when this process dies, however it dies.
 * Raises `AppAlreadyRunning`.
 */
export function lockDataFolder(desktopFolder: string): Disposable {
  const database = new DatabaseSync(join(desktopFolder, 'app.lock'), { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new AppAlreadyRunning('Reelport is already running with this data folder.', { cause: error })
  }
  return { [Symbol.dispose]: () => database.close() }
}
