import type { Log } from '../log'
import { AppError } from '../../contract/failures'
import { callFailure } from './call-failure'
import type { FromProcess, ToProcess } from './process-messages'

/** To how many processes one request is said again. */
const mostSayings = 3

export type Request = ToProcess & { readonly requestId: string }
type Pending = {
  readonly message: Request
  saidAgainCount: number
  resolve(answer: FromProcess): void
  reject(error: Error): void
}

export type ProcessRequests = {
  /** @throws AppError what the process refused, or `unexpected` where it ended over it again and again */
  ask(message: Request): Promise<FromProcess>
  settle(answer: FromProcess & { readonly requestId: string }): void
  /** Another process took the place of one that crashed: every request may be repeated, some times. */
  sayAllAgain(): void
  /** The app ends: nobody answers any more. */
  rejectAll(): void
}

/** What was asked of the transfer process and is not answered yet. */
export function createProcessRequests(send: (message: ToProcess) => void, log: Log): ProcessRequests {
  const pending = new Map<string, Pending>()

  /** What ended one process after the other is not worth another: whoever asked is told. */
  const sayAgain = (asked: Pending): void => {
    asked.saidAgainCount += 1
    if (asked.saidAgainCount <= mostSayings) return send(asked.message)
    pending.delete(asked.message.requestId)
    const error = new Error(`The transfer process ended ${mostSayings} times over "${asked.message.kind}"`)
    asked.reject(new AppError(callFailure(error, log)))
  }

  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        pending.set(message.requestId, { message, saidAgainCount: 0, resolve, reject })
        send(message)
      }),
    settle(answer) {
      const asked = pending.get(answer.requestId)
      pending.delete(answer.requestId)
      if (answer.kind === 'refused') asked?.reject(new AppError(answer.failure))
      else asked?.resolve(answer)
    },
    sayAllAgain() {
      for (const asked of pending.values()) sayAgain(asked)
    },
    rejectAll() {
      for (const { reject } of pending.values()) reject(new AppError({ code: 'unexpected', reference: 'stopped' }))
      pending.clear()
    },
  }
}
