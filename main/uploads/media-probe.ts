import { join } from 'node:path'
import { type ProbeResult, probeAnswerSchema, type ProbeRequest } from '../../contract/media'
import type { ChildProgram, ForkProgram } from '../host'

const answerWithinMs = 10_000
const idleForMs = 5_000

/** `no-answer`: the file broke the probe, or took longer than it may; the backend will look at it anyway. */
export type LocalProbeResult = ProbeResult | { readonly kind: 'no-answer' }

export type MediaProbe = Disposable & {
  probe(path: string): Promise<LocalProbeResult>
}

/**
 * Asks the media probe program, one file at a time, in one process that ends when nothing was asked for a while: a file that
 * breaks a parser breaks only that process. Times are real ones, for the process is.
 */
export function createMediaProbe({ forkProgram, programDir }: { forkProgram: ForkProgram; programDir: string }): MediaProbe {
  let child: ChildProgram | null = null
  let settle: (requestId: string, result: LocalProbeResult) => void = () => undefined
  let idleTimer: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let requests = 0

  const end = (): void => {
    clearTimeout(idleTimer)
    const ended = child
    child = null
    ended?.kill('SIGKILL')
  }

  const start = (): ChildProgram => {
    const started = forkProgram(join(programDir, 'media-probe.js'), { serviceName: 'Reelport media probe' })
    started.onMessage((raw) => {
      const { requestId, result } = probeAnswerSchema.parse(raw)
      settle(requestId, result)
    })
    started.onExit(() => {
      if (child !== started) return
      child = null
      settle(String(requests), { kind: 'no-answer' })
    })
    return started
  }

  const ask = (path: string): Promise<LocalProbeResult> =>
    new Promise((resolve) => {
      clearTimeout(idleTimer)
      requests += 1
      const request: ProbeRequest = { requestId: String(requests), path }
      const finish = (result: LocalProbeResult): void => {
        clearTimeout(timer)
        settle = () => undefined
        idleTimer = setTimeout(end, idleForMs)
        idleTimer.unref()
        resolve(result)
      }
      const timer = setTimeout(() => {
        end()
        finish({ kind: 'no-answer' })
      }, answerWithinMs)
      settle = (requestId, result) => {
        if (requestId === request.requestId) finish(result)
      }
      child ??= start()
      child.send(request)
    })

  return {
    probe(path) {
      const asked = last.then(() => ask(path))
      last = asked
      return asked
    },
    [Symbol.dispose]: end,
  }
}
