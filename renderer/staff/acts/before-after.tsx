import { ArrowRight } from 'lucide-react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaState } from '../../../contract/staff'
import { useFormat } from '../../format/use-format'

type Props = { readonly before: QuotaState; readonly after: QuotaState }

/** A quota before and after, line by line; what stays the same is said too. */
export function BeforeAfter({ before, after }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const limit = (value: number | null, show: (value: number) => string): string =>
    value === null ? t('quota.noLimit') : show(value)
  const videos = (value: number): string => format.number(value)
  const minutes = (seconds: number): string => format.number(seconds / 60, 1)
  const rows = [
    {
      name: 'videos',
      before: t('staff.act.usedOf', { used: videos(before.usedVideos), limit: limit(before.maxVideos, videos) }),
      after: t('staff.act.usedOf', { used: videos(after.usedVideos), limit: limit(after.maxVideos, videos) }),
    },
    {
      name: 'minutes',
      before: t('staff.act.usedOf', { used: minutes(before.usedSeconds), limit: limit(before.maxSeconds, minutes) }),
      after: t('staff.act.usedOf', { used: minutes(after.usedSeconds), limit: limit(after.maxSeconds, minutes) }),
    },
    {
      name: 'largestFile',
      before: limit(before.maxFileSizeBytes, format.bytes),
      after: limit(after.maxFileSizeBytes, format.bytes),
    },
  ] as const
  return (
    <dl className="before-after">
      {rows
        .filter((row) => row.name !== 'largestFile' || row.before !== row.after)
        .map((row) => (
          <div key={row.name} data-changed={row.before !== row.after || undefined}>
            <dt>{t(`quota.${row.name}`)}</dt>
            <dd>
              <span>{row.before}</span>
              <ArrowRight size={16} className="turns" aria-hidden />
              <span className="only-read">{t('staff.act.becomes')}</span>
              <strong>{row.after}</strong>
            </dd>
          </div>
        ))}
    </dl>
  )
}
