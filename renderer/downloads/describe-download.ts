import type { Translate } from '../locales/translate'
import type { LineFault } from '../../contract/desktop'
import type { Failure } from '../../contract/failures'
import type { Transfer, TransferContent } from '../../contract/transfers'
import { describeFailure, type FailureWords } from '../failures/describe-failure'
import type { Format } from '../format/format'
import { describeWaiting, isHeldOpen, remarkOnWaiting } from '../uploads/describe-waiting'
import { describeEta } from '../uploads/eta'

type Speech = {
  readonly t: Translate
  readonly format: Format
  readonly now: Date
  readonly line?: LineFault | null
}

/** A failure as it is told of a download: what arrived, and from where, is the other way round. */
export function describeDownloadFailure(
  failure: Failure,
  speech: Pick<Speech, 't' | 'format'>,
  content: TransferContent = 'video',
): FailureWords {
  const { t } = speech
  const safe = t(content === 'archive' ? 'backups.transfer.untouched' : 'failures.safe.videoSafe')
  const words = describeFailure(failure, speech)
  switch (failure.code) {
    case 'video-gone':
    case 'file-exists':
      return words
    case 'checksum-mismatch':
      return {
        happened: t(content === 'archive' ? 'backups.transfer.mismatch' : 'downloads.mismatch'),
        safe,
        next: t('downloads.mismatchNext'),
      }
    default:
      return { ...words, safe }
  }
}

/** The words under one download: one line of facts, and one sentence on what is safe and whether the app may be closed. */
export function describeDownload(
  transfer: Transfer,
  speech: Speech,
  progress: string,
): { readonly line: string; readonly safe: string | null } {
  const { t, format, now } = speech
  const { status, content, safeBytes, sizeBytes } = transfer
  const amounts = { sent: format.bytes(safeBytes), size: format.bytes(sizeBytes) }
  const safe = safeBytes === 0 ? t('downloads.safe.nothingYet') : t('downloads.safe.arrived', amounts)

  switch (status.kind) {
    case 'checking':
      return { line: t('downloads.status.checking'), safe }
    case 'uploading':
    case 'downloading': {
      const facts = [
        t('downloads.status.downloading'),
        status.bytesPerSecond === null ? null : format.rate(status.bytesPerSecond),
        status.secondsLeft === null ? null : describeEta(status.secondsLeft, speech),
        progress,
      ]
      return { line: facts.filter((fact) => fact !== null).join(t('common.separator')), safe }
    }
    case 'paused':
      return safeBytes > 0
        ? { line: t('downloads.status.pausedSafe', amounts), safe: t('downloads.safe.staysPaused') }
        : { line: t('downloads.status.paused'), safe: t('downloads.safe.pausedNothing') }
    case 'waiting':
    case 'held':
    case 'waiting-for-network':
    case 'waiting-for-sign-in':
    case 'retrying': {
      const line = describeWaiting(status, speech, (failure) => describeDownloadFailure(failure, speech, content))
      const remark = remarkOnWaiting(status, speech)
      if (isHeldOpen(status)) {
        return { line, safe: safeBytes > 0 ? t('downloads.safe.arrivedStays', amounts) : t('downloads.safe.pausedNothing') }
      }
      return { line, safe: remark === null ? safe : `${remark} ${safe}` }
    }
    case 'verifying':
      return {
        line: t(content === 'archive' ? 'backups.transfer.verifying' : 'downloads.status.verifying'),
        safe: safeBytes < sizeBytes ? safe : t('downloads.safe.allArrived'),
      }
    case 'done':
      return { line: t('downloads.status.done', { when: format.ago(new Date(status.finishedAt), now) }), safe: null }
    case 'needs-you':
    case 'failed': {
      const words = describeDownloadFailure(status.failure, speech, content)
      return { line: words.happened, safe: `${words.safe} ${words.next}` }
    }
    // Of an upload alone: what is to be downloaded is in the library by its nature.
    case 'duplicate':
      return { line: t('downloads.word.done'), safe: null }
    case 'cancelled':
      return { line: t('downloads.status.cancelled'), safe: null }
    default:
      return status satisfies never
  }
}
