import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '../locales/use-translation'
import type { Schedule } from '../../contract/backups'
import { Choice } from '../controls/choice'
import { Select } from '../controls/select'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'

const periods = ['never', 'day', 'week'] as const
const keeps = [1, 2, 3, 5, 10] as const

/** Backups that come by themselves, and how many of these stay. Each change is saved at once. */
export function ScheduleForm({ schedule }: { readonly schedule: Schedule }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const queries = useQueryClient()
  const change = async (next: Pick<Schedule, 'every' | 'keep'>): Promise<void> => {
    const reply = await command('backups:schedule', next)
    if (!reply.ok) report(reply.failure)
    await queries.invalidateQueries({ queryKey: ['backups'] })
  }
  return (
    <section className="card backup-schedule" aria-label={t('backups.schedule.label')}>
      <Choice
        label={t('backups.schedule.label')}
        value={schedule.every ?? 'never'}
        options={periods.map((value) => ({ value, label: t(`backups.schedule.${value}`) }))}
        onChange={(value) => void change({ every: value === 'never' ? null : value, keep: schedule.keep })}
      />
      {schedule.every !== null && (
        <Select
          label={t('backups.schedule.keep')}
          value={String(schedule.keep)}
          options={keeps.map((count) => ({
            value: String(count),
            label: t('backups.schedule.keepNum', { count, num: format.number(count) }),
          }))}
          onChange={(keep) => void change({ every: schedule.every, keep: Number(keep) })}
        />
      )}
      {schedule.nextAt !== null && (
        <p className="muted small">{t('backups.schedule.next', { when: format.dateTime(new Date(schedule.nextAt)) })}</p>
      )}
    </section>
  )
}
