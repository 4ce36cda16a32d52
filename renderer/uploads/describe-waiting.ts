import type { Translate } from '../locales/translate'
import type { LineFault } from '../../contract/desktop'
import type { TransferStatus } from '../../contract/transfers'
import { describeFailure, type FailureWords } from '../failures/describe-failure'
import type { Format } from '../format/format'
import { describePause } from './describe-pause'

type Waiting = Extract<
  TransferStatus,
  { kind: 'waiting' | 'held' | 'waiting-for-network' | 'waiting-for-sign-in' | 'retrying' }
>

type Speech = {
  readonly t: Translate
  readonly format: Format
  readonly now: Date
  /** What stands between the app and a server elsewhere, where something does. */
  readonly line?: LineFault | null
}

/** A reason is followed by another sentence, so its own full stop would be doubled. */
const withoutStop = (sentence: string): string => sentence.replace(/\.$/u, '')

/**
 * What a transfer says while no byte moves and nothing is wanted of its person: the same for both directions.
 * @param wordsOf a failure as it is told of this direction
 */
export function describeWaiting(
  status: Waiting,
  speech: Speech,
  wordsOf: (failure: Extract<Waiting, { kind: 'retrying' }>['failure']) => FailureWords,
): string {
  const { t, format, now, line } = speech
  switch (status.kind) {
    case 'waiting': {
      const { before } = status
      return before > 0
        ? t('uploads.status.waitingBefore', { count: before, num: format.number(before) })
        : t('uploads.status.waiting')
    }
    case 'held':
      return describePause(status, speech)
    case 'waiting-for-network':
      return line === 'captive-portal' || line === 'wrong-clock'
        ? t('uploads.status.waitingBecause', { reason: withoutStop(describeFailure({ code: line }, speech).happened) })
        : t('uploads.status.waitingForNetwork')
    case 'waiting-for-sign-in':
      return t('uploads.status.waitingForSignIn')
    case 'retrying': {
      const secondsLeft = Math.ceil((new Date(status.retryAt).getTime() - now.getTime()) / 1000)
      const reason = withoutStop(wordsOf(status.failure).happened)
      const attempts = { attempt: format.number(status.attempt), attempts: format.number(status.attempts) }
      return secondsLeft > 0
        ? t('uploads.status.retrying', { reason, time: format.duration(secondsLeft), ...attempts })
        : t('uploads.status.retryingNow', { reason, ...attempts })
    }
    default:
      return status satisfies never
  }
}

/** True for a queue that rests until its person says so: nothing of it begins by itself. */
export const isHeldOpen = (status: Waiting): boolean =>
  status.kind === 'held' && status.until === null && status.reason === 'person'

/** So many tries in a row without one byte further are said plainly; it goes on by itself all the same. */
const stuckFromAttempt = 5

/** True for a transfer that tries in vain for long enough to say so. */
export function isStuck(status: TransferStatus): boolean {
  return status.kind === 'retrying' && status.attempt >= stuckFromAttempt
}

/** Before what is safe, where something has to be said first: what a person can do about the wait, or how long it has lasted. */
export function remarkOnWaiting(status: Waiting, { t, format, line }: Speech): string | null {
  if (status.kind === 'waiting-for-network') {
    return line === 'captive-portal' || line === 'wrong-clock' ? describeFailure({ code: line }, { t, format }).next : null
  }
  if (status.kind !== 'retrying') return null
  const { code } = status.failure
  if (code === 'captive-portal' || code === 'wrong-clock') return describeFailure({ code }, { t, format }).next
  if (!isStuck(status)) return null
  return t('uploads.safe.noProgress', { attempt: format.number(status.attempt), attempts: format.number(status.attempts) })
}
