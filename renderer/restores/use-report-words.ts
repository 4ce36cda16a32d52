import { useTranslation } from '../locales/use-translation'
import type { ReportEntry } from '../../contract/backups'
import type { JobStatus } from '../../contract/jobs'
import { useFormat } from '../format/use-format'
import { describeEnd } from './describe-job'

type ReportWords = {
  /** What became of one entry, and why. */
  readonly lineOf: (entry: ReportEntry) => string
  /** The whole report as a text that can be sent to somebody. */
  readonly textOf: (status: JobStatus, entries: readonly ReportEntry[]) => string
}

export function useReportWords(): ReportWords {
  const { t } = useTranslation()
  const format = useFormat()
  const lineOf = ({ outcome, reason }: ReportEntry): string => {
    const why =
      outcome === 'pending' ? t('backups.reason.notReached') : reason === null ? null : t(`backups.reason.${reason}`)
    return [t(`backups.outcome.${outcome}`), ...(why === null ? [] : [why])].join(t('common.separator'))
  }
  return {
    lineOf,
    textOf: (status, entries) =>
      [
        t('backups.report.title'),
        ...(status.endedAt === null ? [] : [`${format.dateTime(new Date(status.endedAt))} (${status.endedAt})`]),
        describeEnd(status, { t, format }).words,
        `${status.id} / ${status.backupId}`,
        '',
        ...entries.map((entry) => `${entry.name}\t${format.bytes(entry.sizeBytes)}\t${lineOf(entry)}`),
        '',
      ].join('\n'),
  }
}
