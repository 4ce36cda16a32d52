import { writeSync } from 'node:fs'

/**
 * Ends this process, which has lost what it committed: the system forgets what a failed flush left in memory, so only a new start,
 * which reads the disk, knows what is true. Nobody was told of it, and whoever started this process starts it again.
 */
export function endAtOnce(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  // Not by the log, which writes later.
  writeSync(process.stderr.fd, `backend ended: the disk did not take what was committed: ${reason}\n`)
  process.exit(1)
}
