import { existsSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Actor } from '../audit/audit'
import { defaults } from '../config'
import { type Database, openDatabase, readSchemaNumber, sqliteErrorCode } from '../db/database'
import { lockDataFolder } from '../db/data-folder-lock'
import { migrations } from '../db/migrate'
import { findDefaultLimits } from '../quota/default-limits-table'
import type { StaffParts } from '../staff/act'
import { StartFailure } from '../start-failure'
import { CommandFailure, exitCodes } from './exit-codes'

export type Folder = AsyncDisposable & { readonly db: Database; readonly staff: StaffParts; readonly path: string }

/**
 * Opens a data folder beside a running backend, or without one; `isThorough` looks at every page of a large database too.
 * @throws CommandFailure `folder`, before anything is changed
 */
export async function openFolder(path: string, { isThorough = false } = {}): Promise<Folder> {
  const file = join(path, 'reelport.sqlite')
  if (!existsSync(file)) throw new CommandFailure(exitCodes.folder, `There is no backend's data in ${path}`)
  const newest = migrations.at(-1)?.number ?? 0
  const found = schemaOf(file)
  if (found > newest) {
    throw new CommandFailure(exitCodes.folder, `The data was made by a newer version (schema ${found}, known ${newest})`)
  }
  try {
    // An older backend that runs here would find its tables changed under its hands.
    using _lock = found < newest ? lockDataFolder(path) : null
    const db = openDatabase(path, { isBrief: !isThorough })
    const limits = (await findDefaultLimits(db)) ?? defaults.limits
    const staff = { db, now: () => Date.now(), limits, onActed: async () => {} }
    return { db, staff, path, [Symbol.asyncDispose]: () => db.destroy() }
  } catch (error) {
    if (!(error instanceof StartFailure) || error.reason === 'unexpected') throw error
    const isOlder = error.reason === 'database-locked' && found < newest
    const message = isOlder
      ? 'A backend of an older version runs here: stop it, or use its own command line'
      : `The data cannot be used (${error.reason}): ${error.message}`
    throw new CommandFailure(exitCodes.folder, message, { cause: error })
  }
}

/** Only looks. @throws CommandFailure `folder` */
function schemaOf(file: string): number {
  try {
    return readSchemaNumber(file)
  } catch (error) {
    if (sqliteErrorCode(error) === undefined) throw error
    const detail = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(exitCodes.folder, `The data cannot be read: ${detail}`, { cause: error })
  }
}

/** Who sits at the machine, as the operating system knows them: what the environment says could be anything. */
export function machineActor(): Actor {
  const { username } = userInfo()
  return { kind: 'machine', name: username, origin: `${username}@${hostname()}`, userId: null }
}
