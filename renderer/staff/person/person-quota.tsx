import { useTranslation } from '../../locales/use-translation'
import type { UserCard } from '../../../contract/staff'
import { useFormat } from '../../format/use-format'
import { largestFileBytes, minutesPart, videosPart } from '../../quota/quota-facts'
import { QuotaMeter } from '../../quota/quota-meter'

/** The very numbers that the person sees, and what was granted on top. */
export function PersonQuota({ card }: { readonly card: UserCard }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { shown, grants } = card
  const largestBytes = largestFileBytes(shown)
  return (
    <section className="card quota-card" aria-labelledby="person-quota">
      <div className="card-head">
        <h2 id="person-quota">{t('quota.title')}</h2>
        <span className="chip">
          {largestBytes === null
            ? t('staff.person.anyFile')
            : t('quota.largestFileShort', { size: format.bytes(largestBytes) })}
        </span>
      </div>
      <div className="meters">
        <QuotaMeter kind="videos" part={videosPart(shown)} />
        <QuotaMeter kind="minutes" part={minutesPart(shown)} />
      </div>
      <p className="muted small">
        {t('staff.person.stored', {
          videos: t('quota.videosCount', {
            count: shown.stored.videos_count,
            num: format.number(shown.stored.videos_count),
          }),
          length: format.duration(shown.stored.total_duration),
          size: format.bytes(shown.stored.total_bytes),
        })}
      </p>
      {grants.length > 0 && (
        <ul className="grants" aria-label={t('staff.person.grants')}>
          {grants.map((grant) => (
            <li key={grant.id}>
              {t('staff.person.grant', {
                videos: t('quota.videosCount', { count: grant.videos, num: format.number(grant.videos) }),
                length: format.duration(grant.minutes * 60),
              })}{' '}
              <span className="muted">
                {grant.until === null
                  ? t('staff.grant.forGood')
                  : t('staff.grant.until', { date: format.dateTime(new Date(grant.until)) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
