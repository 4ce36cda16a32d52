import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { StartFailure } from '../start-failure'
import { sqliteErrorCode } from './database'

const holderSchema = z.object({ pid: z.int(), since: z.iso.datetime() })

/**
 * Keeps a second backend out of a data folder. SQLite's file lock is the operating system's, so it dies with the process,
 * however that dies; nothing is left behind to be cleaned up. Who holds it stands beside it, for whoever is kept out.
 * @throws StartFailure `database-locked` while another process holds the folder
 */
export function lockDataFolder(dataFolder: string): Disposable {
  const database = new DatabaseSync(join(dataFolder, 'lock.sqlite'))
  try {
    database.exec('PRAGMA busy_timeout = 0')
    database.exec('BEGIN EXCLUSIVE')
    nameHolder(dataFolder)
  } catch (error) {
    database.close()
    const code = sqliteErrorCode(error)
    if (code === 5 || code === 6) {
      const detail = `another backend uses this data folder${holderOf(dataFolder)}`
      throw new StartFailure('database-locked', detail, { cause: error })
    }
    throw new StartFailure('data-folder-unusable', error instanceof Error ? error.message : String(error), { cause: error })
  }
  return { [Symbol.dispose]: () => database.close() }
}

const holderFile = 'lock-holder.json'

/** Renamed into its place: another process may be reading it. A disk that is full keeps no backend from starting. */
function nameHolder(dataFolder: string): void {
  const holder: z.infer<typeof holderSchema> = { pid: process.pid, since: new Date().toISOString() }
  const path = join(dataFolder, holderFile)
  try {
    writeFileSync(`${path}.new`, JSON.stringify(holder), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  } catch {
    // The lock itself holds; whoever is kept out is told of no process.
    rmSync(path, { force: true })
  }
}

/** What is added to the refusal; nothing where it cannot be read, which is no reason for another failure. */
function holderOf(dataFolder: string): string {
  try {
    const { pid, since } = holderSchema.parse(JSON.parse(readFileSync(join(dataFolder, holderFile), 'utf8')))
    return ` (process ${pid}, since ${since})`
  } catch {
    return ''
  }
}
