import { CircleOff } from 'lucide-react'
import { useTranslation } from '../../locales/use-translation'
import type { UserCard } from '../../../contract/staff'
import { useFormat } from '../../format/use-format'

/** Who it is. */
export function PersonFacts({ card }: { readonly card: UserCard }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { username, email, role, createdAt, hasPassword, disabledAt, disabledReason } = card
  const facts = [
    { name: 'username', value: username },
    { name: 'mail', value: email ?? t('staff.person.none') },
    { name: 'role', value: t(`staff.role.${role}`) },
    { name: 'since', value: format.date(new Date(createdAt)) },
    { name: 'signsInBy', value: hasPassword ? t('staff.person.byPassword') : t('staff.person.byProvider') },
  ] as const
  return (
    <section className="card" aria-label={t('staff.person.facts')}>
      {disabledAt !== null && (
        <div className="notice person-disabled" data-tone="danger">
          <CircleOff size={20} aria-hidden />
          <div>
            <p className="notice-title">
              {t('staff.person.disabledSince', { date: format.dateTime(new Date(disabledAt)) })}
            </p>
            {disabledReason !== null && <q>{disabledReason}</q>}
          </div>
        </div>
      )}
      <dl className="device-facts person-facts">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{t(`staff.person.fact.${name}`)}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
