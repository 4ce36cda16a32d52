import { ArrowRight } from 'lucide-react'
import { useTranslation } from '../../locales/use-translation'
import type { LimitsChange, StaffUser } from '../../../contract/staff'
import { useFormat } from '../../format/use-format'
import { BeforeAfter } from './before-after'
import { countFilledBy, type LimitKind, limitKinds, type Step, stepsOf, withLimits } from './limit-parts'

/** Limits that differ from one another more than this are counted together. */
const mostSteps = 4

type Props = { readonly people: readonly StaffUser[]; readonly limits: LimitsChange }

/** What other limits would make of one person, or from where to where they bring many; and whom they would stop. */
export function LimitsPreview({ people, limits }: Props): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const [only] = people
  const stopped = countFilledBy(people, limits)
  return (
    <>
      {people.length === 1 && only ? (
        <BeforeAfter before={only.quota} after={withLimits(only, limits)} />
      ) : (
        <Steps people={people} limits={limits} />
      )}
      {stopped > 0 && (
        <p className="warning small">{t('staff.limits.full', { count: stopped, num: format.number(stopped) })}</p>
      )}
    </>
  )
}

const names = { videos: 'videos', minutes: 'minutes', fileMb: 'largestFile' } as const

function Steps({ people, limits }: Props): React.JSX.Element | null {
  const { t } = useTranslation()
  const steps = stepsOf(people, limits)
  const changed = limitKinds.filter((kind) => steps[kind].length > 0)
  if (changed.length === 0) return null
  return (
    <dl className="before-after">
      {changed.map((kind) => (
        <div key={kind} data-changed>
          <dt>{t(`quota.${names[kind]}`)}</dt>
          <dd>
            <ul className="steps">
              {steps[kind].slice(0, mostSteps).map((step) => (
                <StepLine key={step.before} kind={kind} step={step} />
              ))}
              <RestLine steps={steps[kind].slice(mostSteps)} />
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function StepLine({ kind, step }: { readonly kind: LimitKind; readonly step: Step }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const show = (value: number | null): string => {
    if (value === null) return t('quota.noLimit')
    return kind === 'fileMb' ? format.bytes(value * 1_000_000) : format.number(value, 1)
  }
  return (
    <li>
      <span>{show(step.before)}</span>
      <ArrowRight size={16} className="turns" aria-hidden />
      <span className="only-read">{t('staff.act.becomes')}</span>
      <strong>{show(step.after)}</strong>
      <span className="muted">{t('staff.people.count', { count: step.count, num: format.number(step.count) })}</span>
    </li>
  )
}

function RestLine({ steps }: { readonly steps: readonly Step[] }): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const count = steps.reduce((sum, step) => sum + step.count, 0)
  if (count === 0) return null
  return <li className="muted">{t('staff.limits.rest', { count, num: format.number(count) })}</li>
}
