import v8 from 'node:v8'
import vm from 'node:vm'
import { idleMemory, idlePeriodMs, memoryOf } from '../contract/idle-memory'
import { startBackend, type Backend } from './backend'
import { readConfig, usage, UsageError } from './config'
import { openParentChannel } from './parent-channel'
import { StartFailure, type StartFailureReason } from './start-failure'

// Files of a data folder hold what people entrusted to it: nobody else on this machine reads them, whoever made the folder.
process.umask(0o077)
const channel = openParentChannel()

try {
  const config = readConfig(process.argv.slice(2), import.meta.dirname)
  const backend = await startBackend(config)
  stopWith(backend)
  setInterval(idleMemory(memoryOf({ process, v8, vm }), idlePeriodMs), idlePeriodMs).unref()
  await channel.send({ kind: 'ready', port: backend.port })
  if (!channel.isConnected)
    process.stdout.write(
      `backend listening on http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${backend.port}\n`,
    )
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  const detail = error instanceof Error ? error.message : String(error)
  await channel.send({ kind: 'failed', reason: reasonOf(error), detail })
  process.exit(1)
}

function reasonOf(error: unknown): StartFailureReason {
  if (error instanceof UsageError) return 'configuration-refused'
  return error instanceof StartFailure ? error.reason : 'unexpected'
}

/** A reason that a person can act on is said in one line; anything else is a bug and said whole. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n${usage}`
  if (error instanceof StartFailure && error.reason !== 'unexpected') return `backend did not start: ${error.message}`
  return `backend did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

async function dispose(backend: Backend): Promise<void> {
  try {
    await backend[Symbol.asyncDispose]()
    process.exit(0)
  } catch (error) {
    process.stderr.write(`backend did not stop cleanly: ${String(error)}\n`)
    process.exit(1)
  }
}

/** Stops on a signal, and when the program that started it has gone: nobody is left to talk to. */
function stopWith(backend: Backend): void {
  let stopping: Promise<void> | undefined
  const stop = (): void => {
    stopping ??= dispose(backend)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  channel.onDisconnect(stop)
}
