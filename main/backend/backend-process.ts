import { backendMessageSchema, type BackendMessage } from '../../contract/backend-process'
import type { BackendStatus } from '../../contract/desktop'
import type { ChildProgram, ForkProgram } from '../host'
import type { Log } from '../log'

const readyWithinMs = 20_000
const longestPauseMs = 15_000
/** A backend that ran this long before it ended begins again with short pauses. */
const stableAfterMs = 30_000

export type BackendProcess = {
  status(): BackendStatus
  /** `http://127.0.0.1:PORT` while it is ready, else null. */
  origin(): string | null
  onChange(listener: () => void): void
  /** Starts at once what waits for its next try, or failed. */
  retry(): void
} & AsyncDisposable

/** The pause before try number `attempt` (from 1): doubling, bounded. */
export function restartPauseMs(attempt: number): number {
  return Math.min(longestPauseMs, 250 * 2 ** (attempt - 1))
}

/**
 * Keeps the embedded backend running: started by path, restarted with growing pauses when it ends, and reported as
 * `failed` with its reason when it says that it cannot start (`architecture.md`, rule 7).
 */
export function startBackendProcess({
  programPath,
  dataDir,
  logFile,
  moreArgs = [],
  forkProgram,
  execArgv,
  log,
  now,
}: {
  readonly programPath: string
  readonly dataDir: string
  readonly logFile: string
  readonly moreArgs?: readonly string[]
  readonly forkProgram: ForkProgram
  readonly execArgv: readonly string[]
  readonly log: Log
  readonly now: () => Date
}): BackendProcess {
  let status: BackendStatus = { kind: 'starting' }
  let origin: string | null = null
  let child: ChildProgram | null = null
  let timer: NodeJS.Timeout | undefined
  let attempt = 0
  let isDisposed = false
  let ended: (() => void) | null = null
  const listeners = new Set<() => void>()

  const change = (nextStatus: BackendStatus, nextOrigin: string | null): void => {
    status = nextStatus
    origin = nextOrigin
    for (const listener of listeners) listener()
  }

  const start = (): void => {
    clearTimeout(timer)
    const startedAt = now().getTime()
    let failure: Extract<BackendMessage, { kind: 'failed' }> | null = null
    const program = forkProgram(programPath, {
      args: ['--data-dir', dataDir, '--port', '0', '--log-file', logFile, ...moreArgs],
      execArgv,
      serviceName: 'Reelport backend',
    })
    child = program
    const watchdog = setTimeout(() => program.kill('SIGKILL'), readyWithinMs)
    program.onMessage((message) => {
      const parsed = backendMessageSchema.safeParse(message)
      if (!parsed.success) {
        log.warn('backend.unknown-message')
        return
      }
      clearTimeout(watchdog)
      if (parsed.data.kind === 'failed') {
        failure = parsed.data
        return
      }
      log.info('backend.ready', { port: parsed.data.port, afterMs: now().getTime() - startedAt })
      change({ kind: 'ready' }, `http://127.0.0.1:${parsed.data.port}`)
    })
    program.onExit((code) => {
      clearTimeout(watchdog)
      child = null
      ended?.()
      if (isDisposed) return
      if (failure !== null) {
        log.warn('backend.failed', { reason: failure.reason, detail: failure.detail })
        change({ kind: 'failed', failure: { code: 'backend-not-started', detail: failure.reason } }, null)
        return
      }
      if (now().getTime() - startedAt > stableAfterMs) attempt = 0
      attempt += 1
      const pauseMs = restartPauseMs(attempt)
      log.warn('backend.ended', { code, pauseMs })
      const retryAt = new Date(now().getTime() + pauseMs).toISOString()
      change({ kind: 'restarting', attempt, retryAt }, null)
      timer = setTimeout(start, pauseMs)
    })
  }

  start()
  return {
    status: () => status,
    origin: () => origin,
    onChange: (listener) => void listeners.add(listener),
    retry: () => {
      if (child !== null || isDisposed) return
      change({ kind: 'starting' }, null)
      start()
    },
    [Symbol.asyncDispose]: async () => {
      isDisposed = true
      clearTimeout(timer)
      const running = child
      if (running === null) return
      const isOver = new Promise<void>((resolve) => (ended = resolve))
      const patience = setTimeout(() => running.kill('SIGKILL'), 5_000)
      running.kill('SIGTERM')
      await isOver
      clearTimeout(patience)
    },
  }
}
