import type { Translate } from '../locales/translate'
import type { LineFault } from '../../contract/desktop'
import type { Transfer } from '../../contract/transfers'
import { describeDownload } from '../downloads/describe-download'
import { describeFailure } from '../failures/describe-failure'
import { type Format, isolate } from '../format/format'
import { describeEta } from './eta'
import { describeWaiting, isHeldOpen, remarkOnWaiting } from './describe-waiting'

/** What a row says: one line of facts, and one sentence on what is safe and whether the app may be closed. */
export type TransferWords = {
  readonly line: string
  readonly safe: string | null
}

type Speech = {
  readonly t: Translate
  readonly format: Format
  readonly now: Date
  /** What stands between the app and a server elsewhere, where something does. */
  readonly line?: LineFault | null
}

/** The words under one transfer, for each of its states (`ui.md` section 5.2). */
export function describeTransfer(transfer: Transfer, speech: Speech): TransferWords {
  const { t, format, now } = speech
  const { status, safeBytes, sizeBytes } = transfer
  if (transfer.kind === 'download') return describeDownload(transfer, speech, describeProgress(transfer, speech))
  const safe = safeWhileUnderWay(transfer, speech)

  switch (status.kind) {
    case 'checking':
      return { line: t('uploads.status.checking'), safe }
    case 'uploading':
    case 'downloading': {
      const facts = [
        t(transfer.content === 'archive' ? 'backups.transfer.sending' : 'uploads.status.uploading'),
        status.bytesPerSecond === null ? null : format.rate(status.bytesPerSecond),
        status.secondsLeft === null ? null : describeEta(status.secondsLeft, speech),
        describeProgress(transfer, speech),
      ]
      return { line: facts.filter((fact) => fact !== null).join(t('common.separator')), safe }
    }
    case 'paused':
      return safeBytes > 0
        ? { line: t('uploads.status.pausedSafe', safeAmounts(transfer, speech)), safe: safeWhilePaused(transfer, speech) }
        : { line: t('uploads.status.paused'), safe: t('uploads.safe.pausedNothing') }
    case 'waiting':
    case 'held':
    case 'waiting-for-network':
    case 'waiting-for-sign-in':
    case 'retrying': {
      const line = describeWaiting(status, speech, (failure) => describeFailure(failure, speech))
      const remark = remarkOnWaiting(status, speech)
      const said = isHeldOpen(status) ? safeWhileHeld(transfer, speech) : safe
      return { line, safe: remark === null ? said : `${remark} ${said}` }
    }
    case 'verifying':
      // The last bytes are on their way, or in the server's hands: only its answer makes them safe.
      return { line: t('uploads.status.verifying'), safe: safeBytes < sizeBytes ? safe : t('uploads.safe.allArrived') }
    case 'done': {
      const when = format.ago(new Date(status.finishedAt), now)
      return transfer.content === 'archive'
        ? { line: t('backups.transfer.sent', { when }), safe: t('backups.transfer.sentSafe') }
        : { line: t('uploads.status.done', { when }), safe: null }
    }
    case 'duplicate': {
      const when = format.date(new Date(status.ofUploadedAt))
      return { line: t('uploads.status.duplicate', { name: isolate(status.ofName), when }), safe: null }
    }
    case 'needs-you':
    case 'failed': {
      const words = describeFailure(status.failure, { ...speech, isAnythingSafe: safeBytes > 0 })
      return {
        line: words.happened,
        safe: [words.safe, partWhileStopped(transfer, speech), words.next].filter(Boolean).join(' '),
      }
    }
    case 'cancelled':
      return { line: t('uploads.status.cancelled'), safe: null }
    default:
      return status satisfies never
  }
}

/** The state in one word, which is another one where a download has its own. */
export function describeState(
  { kind, content, status }: Pick<Transfer, 'kind' | 'content' | 'status'>,
  { t }: Pick<Speech, 't'>,
): string {
  if (status.kind === 'downloading') return t('downloads.word.downloading')
  if (content === 'archive' && kind === 'upload' && status.kind === 'done') return t('backups.transfer.word')
  return kind === 'download' && (status.kind === 'done' || status.kind === 'duplicate')
    ? t('downloads.word.done')
    : t(`uploads.word.${status.kind}`)
}

/** "7.1 GB of 18 GB (39 %)": of what was sent, as the bar shows it. What of it is safe is said in another sentence. */
export function describeProgress({ sentBytes, sizeBytes }: Transfer, { t, format }: Pick<Speech, 't' | 'format'>): string {
  const percent = format.percent(sentShare({ sentBytes, sizeBytes }))
  return t('uploads.progress', { sent: format.bytes(sentBytes), size: format.bytes(sizeBytes), percent })
}

/** 0 to 1; an empty file has nothing to send and counts as whole. */
export function sentShare({ sentBytes, sizeBytes }: Pick<Transfer, 'sentBytes' | 'sizeBytes'>): number {
  return sizeBytes === 0 ? 1 : Math.min(1, sentBytes / sizeBytes)
}

/** Names what the server has acknowledged, whatever else was sent. */
function safeAmounts(
  { safeBytes, sizeBytes }: Transfer,
  { format }: Speech,
): { readonly sent: string; readonly size: string } {
  return { sent: format.bytes(safeBytes), size: format.bytes(sizeBytes) }
}

function safeWhileUnderWay(transfer: Transfer, speech: Speech): string {
  const { sentBytes, safeBytes, keptUntil } = transfer
  const { t, format } = speech
  if (safeBytes === 0) return t(sentBytes === 0 ? 'uploads.safe.nothingYet' : 'uploads.safe.nothingSafeYet')
  const amounts = safeAmounts(transfer, speech)
  if (keptUntil === null) return t('uploads.safe.sent', amounts)
  const date = format.date(new Date(keptUntil))
  return t(isOver(keptUntil, speech) ? 'uploads.safe.mayBeGone' : 'uploads.safe.sentUntil', { ...amounts, date })
}

/** The line above it has said how much is safe. */
function safeWhilePaused(transfer: Transfer, speech: Speech): string {
  const { keptUntil } = transfer
  const { t, format } = speech
  if (keptUntil === null) return t('uploads.safe.staysPaused')
  const date = format.date(new Date(keptUntil))
  if (isOver(keptUntil, speech)) return t('uploads.safe.mayBeGone', { ...safeAmounts(transfer, speech), date })
  return t('uploads.safe.keptUntil', { date })
}

/** A queue that rests until its person says so does not go on by itself next time. */
function safeWhileHeld(transfer: Transfer, speech: Speech): string {
  const { safeBytes, keptUntil } = transfer
  const { t, format } = speech
  if (safeBytes === 0) return t('uploads.safe.pausedNothing')
  const amounts = safeAmounts(transfer, speech)
  if (keptUntil === null) return t('uploads.safe.sentStays', amounts)
  const date = format.date(new Date(keptUntil))
  return t(isOver(keptUntil, speech) ? 'uploads.safe.mayBeGone' : 'uploads.safe.sentUntilStays', { ...amounts, date })
}

/** Until when the backend keeps what it has of an upload that does not go on by itself. */
function partWhileStopped(transfer: Transfer, speech: Speech): string | null {
  const { safeBytes, keptUntil } = transfer
  const { t, format } = speech
  if (keptUntil === null || safeBytes === 0) return null
  const date = format.date(new Date(keptUntil))
  if (isOver(keptUntil, speech)) return t('uploads.safe.mayBeGone', { ...safeAmounts(transfer, speech), date })
  return t('uploads.safe.partUntil', { date })
}

/** The backend may have thrown away by now what it was to keep until then. */
const isOver = (keptUntil: string, { now }: Speech): boolean => Date.parse(keptUntil) <= now.getTime()
