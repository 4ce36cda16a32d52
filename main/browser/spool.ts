import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../contract/failures'

/**
 * A page in a browser has bytes and no path: they are copied to this computer's disk first, so that the upload goes on when
 * the tab is closed. Each file has a folder of its own; its name is kept as data beside it. Raises `local-disk-full`.
 */
export async function spoolFile(request: IncomingMessage, spoolFolder: string): Promise<string> {
  const folder = join(spoolFolder, randomBytes(12).toString('hex'))
  await mkdir(folder, { mode: 0o700 })
  const path = join(folder, 'file')
  try {
    await pipeline(request, createWriteStream(path, { mode: 0o600, flags: 'wx', highWaterMark: 1024 * 1024 }))
    return path
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new AppError({ code: 'local-disk-full', missingBytes: null }, { cause: error })
    throw error
  }
}
