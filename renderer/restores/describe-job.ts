import type { Translate } from '../locales/translate'
import type { JobStatus } from '../../contract/jobs'
import type { Format } from '../format/format'

type Speech = { readonly t: Translate; readonly format: Format }

/** How far a job is, 0 to 1. By bytes; what has none is at its beginning until it has ended. */
export function shareDone({ bytesDone, bytesTotal, state }: JobStatus): number {
  if (state === 'done') return 1
  return bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal)
}

/** The step it is at and how far it is there, as facts in a row. */
export function describeStep(job: JobStatus, { t, format }: Speech): string[] {
  const phase = t(`backups.phase.${job.state}`)
  if (job.state === 'waiting') return [job.waitsFor === null ? phase : t(`backups.waitsFor.${job.waitsFor}`)]
  const step = t('backups.step', { step: format.number(job.step), steps: format.number(job.steps) })
  const bytes = t('backups.bytes', { done: format.bytes(job.bytesDone), size: format.bytes(job.bytesTotal) })
  return [
    phase,
    ...(job.steps > 1 ? [step] : []),
    ...(job.bytesTotal > 0 ? [bytes] : []),
    ...(job.etaSeconds === null ? [] : [t('backups.left', { time: format.duration(job.etaSeconds) })]),
  ]
}

/** The end of a restore in one sentence. Nothing restored is never called success. */
export function describeEnd(job: JobStatus, { t, format }: Speech): { readonly words: string; readonly isGood: boolean } {
  const num = (count: number): { count: number; num: string } => ({ count, num: format.number(count) })
  const { succeeded, skipped, failed, state, code } = job
  if (state === 'failed') return { words: t(`backups.code.${code ?? 'unexpected'}`), isGood: false }
  if (state === 'cancelled') {
    const words = succeeded > 0 ? t('backups.ended.cancelledKept', num(succeeded)) : t('backups.ended.cancelled')
    return { words, isGood: false }
  }
  if (succeeded === 0) {
    const isAllThere = skipped > 0 && failed === 0
    return { words: isAllThere ? t('backups.ended.nothingNeeded', num(skipped)) : t('backups.ended.nothing'), isGood: false }
  }
  const facts = [
    t('backups.ended.restored', num(succeeded)),
    ...(skipped > 0 ? [t('backups.ended.skipped', num(skipped))] : []),
    ...(failed > 0 ? [t('backups.ended.failed', num(failed))] : []),
  ]
  return { words: facts.join(t('common.separator')), isGood: failed === 0 }
}
