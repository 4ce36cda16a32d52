import { CircleCheck, CircleX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import { Form } from 'react-aria-components'
import type { Explanation } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { NumberField } from '../../controls/number-field'
import { command } from '../../desktop'
import { useReport } from '../../failures/use-report'
import { useFormat } from '../../format/use-format'

const megabyte = 1_000_000
const mostMegabytes = 1_000_000_000
const mostMinutes = 10_000_000

/** Why a file is not let in: each rule with its numbers, by the engine that decides, and the least that would change that. */
export function ExplainCard({ username }: { readonly username: string }): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const [sizeMb, setSizeMb] = useState<number | null>(null)
  const [minutes, setMinutes] = useState<number | null>(null)
  const [isPending, setIsPending] = useState(false)
  const [explanation, setExplanation] = useState<Explanation | null>(null)
  const explain = async (): Promise<void> => {
    if (sizeMb === null || isPending) return
    setIsPending(true)
    const sizeBytes = Math.max(1, Math.round(sizeMb * megabyte))
    const reply = await command('staff:explain', { username, body: { sizeBytes, durationSeconds: (minutes ?? 0) * 60 } })
    setIsPending(false)
    if (reply.ok) setExplanation(reply.value)
    else report(reply.failure)
  }
  return (
    <section className="card statement" aria-labelledby="explain-title">
      <h2 id="explain-title">{t('staff.explain.title')}</h2>
      <Form
        className="fields-in-row"
        onSubmit={(event) => {
          event.preventDefault()
          void explain()
        }}
      >
        <NumberField label={t('staff.explain.size')} onChange={setSizeMb} maxValue={mostMegabytes} />
        <NumberField label={t('staff.explain.length')} onChange={setMinutes} maxValue={mostMinutes} />
        <Button type="submit" isPending={isPending} isDisabled={sizeMb === null}>
          {t('staff.explain.ask')}
        </Button>
      </Form>
      {explanation && <Verdict explanation={explanation} />}
    </section>
  )
}

function Verdict({ explanation }: { readonly explanation: Explanation }): React.JSX.Element {
  const { t } = useTranslation()
  const { fits, rules, smallestChange } = explanation
  return (
    <output className="explanation">
      <p className="explain-verdict" data-fits={fits || undefined}>
        {fits ? <CircleCheck size={20} aria-hidden /> : <CircleX size={20} aria-hidden />}
        {fits ? t('staff.explain.fits') : t('staff.explain.refused')}
      </p>
      <ul className="explain-rules">
        {rules.map((rule) => (
          <Rule key={rule.rule} rule={rule} />
        ))}
      </ul>
      {smallestChange !== null && <p>{useSmallestChange(smallestChange)}</p>}
    </output>
  )
}

function Rule({ rule }: { readonly rule: Explanation['rules'][number] }): React.JSX.Element {
  const { t } = useTranslation()
  const show = useAmount(rule.unit)
  const numbers = {
    limit: rule.limit === null ? t('quota.noLimit') : show(rule.limit),
    used: show(rule.used),
    reserved: show(rule.reserved),
    requested: show(rule.requested),
  }
  return (
    <li data-over={rule.over > 0 || undefined}>
      <strong>{t(`staff.explain.rule.${rule.rule}`)}</strong>{' '}
      {rule.rule === 'max_file_size' ? t('staff.explain.sizeNumbers', numbers) : t('staff.explain.numbers', numbers)}{' '}
      {rule.over > 0 ? t('staff.explain.over', { over: show(rule.over) }) : t('staff.explain.ok')}
    </li>
  )
}

function useAmount(unit: Explanation['rules'][number]['unit']): (value: number) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (value) =>
    unit === 'bytes'
      ? format.bytes(value)
      : unit === 'seconds'
        ? format.duration(value)
        : t('quota.videosCount', { count: value, num: format.number(value) })
}

function useSmallestChange(change: NonNullable<Explanation['smallestChange']>): string {
  const { t } = useTranslation()
  const format = useFormat()
  const parts = [
    ...(change.grantVideos > 0
      ? [t('quota.videosCount', { count: change.grantVideos, num: format.number(change.grantVideos) })]
      : []),
    ...(change.grantSeconds > 0 ? [format.duration(change.grantSeconds)] : []),
  ]
  const grant = parts.length > 0 ? [t('staff.explain.grant', { what: format.list(parts) })] : []
  const size =
    change.maxFileSizeBytes === null ? [] : [t('staff.explain.raise', { size: format.bytes(change.maxFileSizeBytes) })]
  return [...grant, ...size].join(' ')
}
