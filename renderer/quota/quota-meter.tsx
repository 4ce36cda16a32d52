import { useTranslation } from '../locales/use-translation'
import { Label, Meter } from 'react-aria-components'
import { useFormat } from '../format/use-format'
import { floorToTenth, type QuotaPart } from './quota-facts'

type Props = { readonly kind: 'videos' | 'minutes'; readonly part: QuotaPart }

/** Used, reserved and left of one part of the quota. Its fullness is said in words too: colour is never alone. */
export function QuotaMeter({ kind, part }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const number = (value: number): string => format.number(value, kind === 'minutes' ? 1 : 0)
  const used = number(part.used)
  const title = t(`quota.${kind}`)

  if (part.limit === null) {
    return (
      <div className="meter">
        <div className="meter-head">
          <span className="meter-title">{title}</span>
          <span>{t('quota.usedOnly', { used })}</span>
        </div>
        <p className="meter-foot">{t('quota.noLimit')}</p>
      </div>
    )
  }
  const limit = number(part.limit)
  const reserved = number(part.reserved)
  const left = floorToTenth(part.left ?? 0)
  const counted = { count: left, num: number(left) }
  // A limit of 0 lets nothing in: the bar is then full rather than undefined.
  const share = (value: number): string => `${part.limit ? Math.min(100, (value / part.limit) * 100) : 100}%`
  return (
    <Meter
      className="meter"
      data-level={part.level}
      value={Math.min(part.used, part.limit)}
      maxValue={part.limit || 1}
      valueLabel={part.reserved > 0 ? t('quota.valueText', { used, limit, reserved }) : t('quota.usedOf', { used, limit })}
    >
      <div className="meter-head">
        <Label className="meter-title">{title}</Label>
        <span aria-hidden>{t('quota.usedOf', { used, limit })}</span>
      </div>
      <div className="meter-track" aria-hidden>
        <div className="meter-used" style={{ inlineSize: share(part.used) }} />
        {part.reserved > 0 && <div className="meter-reserved" style={{ inlineSize: share(part.reserved) }} />}
      </div>
      <div className="meter-foot">
        <span>{kind === 'videos' ? t('quota.videosLeft', counted) : t('quota.minutesLeft', counted)}</span>
        {part.reserved > 0 && <span className="meter-reserved-words">{t('quota.reserved', { num: reserved })}</span>}
        {part.level !== 'normal' && (
          <strong className="meter-warning">{part.level === 'full' ? t('quota.full') : t('quota.almostFull')}</strong>
        )}
      </div>
    </Meter>
  )
}
