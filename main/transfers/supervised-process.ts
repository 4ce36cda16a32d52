import type { ChildProgram, ForkProgram } from '../host'
import type { Log } from '../log'
import type { Clock } from './ports'

const firstRestartDelayMs = 200
const longestRestartDelayMs = 10_000
/** A process that lived this long was well; its end is not counted with earlier ones. */
const healthyAfterMs = 60_000
const stopWithinMs = 5_000

export type SupervisedProcess = {
  /** Dropped while the process is down: what must not be lost is said again after `onStart`. */
  send(message: unknown): void
  /** Ends it for good: by the message given, else by a kill. */
  stop(lastMessage: unknown): Promise<void>
}

/**
 * Keeps one program running: started again with growing pauses whenever it ends by itself.
 * @param listeners `onStart` is called for each new process, before anything of it is heard
 */
export function superviseProcess(
  {
    forkProgram,
    execArgv,
    path,
    serviceName,
    clock,
    log,
  }: {
    forkProgram: ForkProgram
    execArgv: readonly string[]
    path: string
    serviceName: string
    clock: Clock
    log: Log
  },
  listeners: { onStart(): void; onMessage(message: unknown): void },
): SupervisedProcess {
  let child: ChildProgram | null = null
  let crashes = 0
  let isStopping = false
  let forgetRestart: () => void = () => undefined
  let onStopped: () => void = () => undefined

  const start = (): void => {
    const startedAtMs = clock.now()
    const started = forkProgram(path, { serviceName, execArgv })
    child = started
    started.onMessage((message) => {
      if (child === started) listeners.onMessage(message)
    })
    started.onExit((code) => {
      if (child !== started) return
      child = null
      if (isStopping) return onStopped()
      if (clock.now() - startedAtMs >= healthyAfterMs) crashes = 0
      crashes += 1
      const delayMs = Math.min(longestRestartDelayMs, firstRestartDelayMs * 2 ** (crashes - 1))
      log.warn('transfers.process-ended', { serviceName, code, crashes, delayMs })
      forgetRestart = clock.after(delayMs, start)
    })
    listeners.onStart()
  }
  start()

  return {
    send: (message) => child?.send(message),
    async stop(lastMessage) {
      isStopping = true
      forgetRestart()
      const running = child
      if (running === null) return
      const stopped = new Promise<void>((resolve) => {
        onStopped = resolve
      })
      const forgetKill = clock.after(stopWithinMs, () => running.kill('SIGKILL'))
      running.send(lastMessage)
      await stopped
      forgetKill()
    },
  }
}
