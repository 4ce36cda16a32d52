import { lockDataFolder } from '../db/data-folder-lock'
import { StartFailure } from '../start-failure'
import { CommandFailure, exitCodes } from './exit-codes'

/** @throws CommandFailure `refused` while a backend runs on the folder, with what is wanted of it */
export function lockStopped(path: string, wanted: 'repair' | 'restore'): Disposable {
  try {
    return lockDataFolder(path)
  } catch (error) {
    if (!(error instanceof StartFailure) || error.reason !== 'database-locked') throw error
    const detail = `A backend runs here: stop it first, then ${wanted}; ${error.message}`
    throw new CommandFailure(exitCodes.refused, detail, { cause: error })
  }
}
