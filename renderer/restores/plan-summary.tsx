import type { UseQueryResult } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { RestorePlan } from '../../contract/backups'
import { FailedPart } from '../failures/failed-part'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'

const shownExamples = 5

/** What exactly would happen, before it does; the policy of what ends it is said here too. */
export function PlanSummary({ plan }: { readonly plan: UseQueryResult<RestorePlan> }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  if (plan.error !== null) {
    return <FailedPart title={t('backups.wizard.summary')} error={plan.error} onRetry={() => void plan.refetch()} />
  }
  if (plan.data === undefined) return <p aria-busy>{t('backups.wizard.looking')}</p>
  const { restores, restoresBytes, skips, keepsBoth, replaces, freeBytes, examples } = plan.data
  const num = (count: number): { count: number; num: string } => ({ count, num: format.number(count) })
  const sizes = { size: format.bytes(restoresBytes), free: format.bytes(freeBytes) }
  const names = examples.slice(0, shownExamples).map(({ name }) => isolate(name))
  return (
    <div className="plan">
      <p className="lead">
        {restores === 0
          ? t('backups.wizard.restoresNone')
          : t('backups.wizard.restores', { ...num(restores), size: sizes.size })}
      </p>
      <ul className="rules">
        {skips > 0 && <li>{t('backups.wizard.skips', num(skips))}</li>}
        {keepsBoth > 0 && <li>{t('backups.wizard.keepsBoth', num(keepsBoth))}</li>}
        {replaces > 0 && <li>{t('backups.wizard.replaces', num(replaces))}</li>}
        {names.length > 0 && <li className="muted">{format.list(names)}</li>}
        <li>{t('backups.wizard.place')}</li>
        {restoresBytes <= freeBytes && <li>{t('backups.wizard.room', sizes)}</li>}
      </ul>
      {restoresBytes > freeBytes && (
        <p className="notice" data-tone="danger">
          <CircleAlert size={20} aria-hidden /> {t('backups.wizard.noRoom', sizes)}
        </p>
      )}
      <p className="muted small">{t('backups.wizard.policy')}</p>
    </div>
  )
}
