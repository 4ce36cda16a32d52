import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaReceipt, UserCard } from '../../../contract/staff'
import { NumberField } from '../../controls/number-field'
import { Select } from '../../controls/select'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { nameOf } from '../person/name-of'
import { ActDialog } from './act-dialog'
import { BeforeAfter } from './before-after'

const dayMs = 24 * 60 * 60 * 1000
const days = [0, 1, 2, 3, 4, 5, 6, 7, 14, 30, 90] as const
const never = 'never'
const mostVideos = 1_000_000
const mostMinutes = 10_000_000

type Props = { readonly card: UserCard; onDone(receipt: QuotaReceipt): void; onClose(): void }

/** Allows more on top of the limits, until the end of a day or for good. */
export function GrantDialog({ card, onDone, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const [videos, setVideos] = useState<number | null>(null)
  const [minutes, setMinutes] = useState<number | null>(null)
  const [until, setUntil] = useState<string>('3')
  const [seen, setSeen] = useState(card)
  const ends = useEnds()
  const { username, quota, version } = seen
  const name = isolate(nameOf(card))
  const isNothing = (videos ?? 0) === 0 && (minutes ?? 0) === 0
  const end = ends.find(({ value }) => value === until)?.at ?? null
  return (
    <ActDialog
      title={t('staff.grant.title', { name })}
      confirm={t('staff.grant.confirm', { name })}
      isReady={!isNothing}
      run={(why) =>
        command('staff:grant', {
          username,
          body: {
            ...why,
            version,
            ...(videos === null || videos === 0 ? {} : { videos }),
            ...(minutes === null || minutes === 0 ? {} : { minutes }),
            ...(end === null ? {} : { until: end.toISOString() }),
          },
        })
      }
      onDone={onDone}
      onClose={onClose}
      onLookAgain={() => setSeen(card)}
    >
      <div className="fields-in-row">
        <NumberField label={t('staff.grant.videos')} onChange={setVideos} maxValue={mostVideos} isWhole />
        <NumberField label={t('staff.grant.minutes')} onChange={setMinutes} maxValue={mostMinutes} />
      </div>
      <Select
        label={t('staff.grant.ends')}
        help={t('staff.grant.endsHelp')}
        value={until}
        onChange={setUntil}
        options={ends.map(({ value, label }) => ({ value, label }))}
      />
      <BeforeAfter
        before={quota}
        after={{
          ...quota,
          maxVideos: quota.maxVideos === null ? null : quota.maxVideos + (videos ?? 0),
          maxSeconds: quota.maxSeconds === null ? null : quota.maxSeconds + (minutes ?? 0) * 60,
        }}
      />
    </ActDialog>
  )
}

/** The ends that people say: the end of today, of Friday, in a month. */
function useEnds(): readonly { readonly value: string; readonly label: string; readonly at: Date | null }[] {
  const { t } = useTranslation()
  const format = useFormat()
  const [today] = useState(() => new Date())
  return [
    ...days.map((count) => {
      const at = new Date(today.getTime() + count * dayMs)
      at.setHours(23, 59, 59, 0)
      const day = count < 7 ? format.weekday(at) : format.date(at)
      return {
        value: String(count),
        label: count === 0 ? t('staff.grant.today') : t('staff.grant.until', { date: day }),
        at,
      }
    }),
    { value: never, label: t('staff.grant.never'), at: null },
  ]
}
