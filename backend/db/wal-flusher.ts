import { type FileHandle, open } from 'node:fs/promises'
import type { FlushLog } from './durable-commits'

export type WalFlusher = AsyncDisposable & { readonly flush: FlushLog }

/**
 * Flushes the write-ahead log of an open SQLite database, off the main thread. With `synchronous = NORMAL` SQLite writes the log at
 * each commit and flushes it only before a checkpoint (https://www.sqlite.org/pragma.html#pragma_synchronous); a file is flushed
 * whole, whoever asks for it, so this is what FULL does inside of each commit. SQLite holds no lock on the log itself, which is what
 * makes it safe to close a second handle of it.
 * @param onFailed told before those who wait: from here on the database must not be used
 */
export function createWalFlusher(databasePath: string, onFailed: (error: unknown) => void): WalFlusher {
  let log: FileHandle | null = null
  return {
    flush: async (began) => {
      // What others commit in this turn of the loop shares it.
      await new Promise<void>((resolve) => setImmediate(resolve))
      try {
        log ??= await open(`${databasePath}-wal`, 'r+')
        began()
        await log.datasync()
      } catch (error) {
        onFailed(error)
        throw error
      }
    },
    // Before SQLite closes: it removes the log.
    [Symbol.asyncDispose]: async () => log?.close(),
  }
}
