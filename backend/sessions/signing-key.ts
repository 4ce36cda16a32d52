import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { RandomSource } from '../ids'
import { StartFailure } from '../start-failure'

const keyBytes = 32

/**
 * The key that signs sessions, made once per data folder and readable by its owner alone. It is on the disk before the
 * first token is signed with it, or a power cut would sign everybody out.
 */
export function loadSigningKey(dataFolder: string, random: RandomSource): Uint8Array {
  const path = join(dataFolder, 'session-signing.key')
  const existing = readIfThere(path)
  if (existing !== null) {
    if (existing.length === keyBytes) return existing
    throw new StartFailure('data-folder-unusable', 'the signing key of the sessions is not whole')
  }
  const key = random(keyBytes)
  const temporary = `${path}.new`
  writeDurably(temporary, key)
  renameSync(temporary, path)
  flushFolder(dataFolder)
  return key
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Windows has no way to flush a folder: NTFS journals the rename itself. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
