import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaReceipt, StaffUser } from '../../../contract/staff'
import { Choice } from '../../controls/choice'
import { NumberField } from '../../controls/number-field'
import { command } from '../../desktop'
import { ActDialog } from './act-dialog'
import {
  type LimitKind,
  limitKinds,
  limitsOf,
  type Mode,
  nothingChosen,
  type Part,
  partsOf,
  saidSoFar,
  wholeOf,
} from './limit-parts'
import { LimitsPreview } from './limits-preview'
import { PresetFields } from './preset-fields'

const most: { readonly [Kind in LimitKind]: number } = { videos: 1_000_000, minutes: 10_000_000, fileMb: 10_000_000 }

type Props = {
  /** As they are now: one, then with the version of the quota that was shown, or many. */
  readonly people: readonly StaffUser[]
  readonly version: number | null
  /** Who it is, in the words of title and button. */
  readonly who: string
  onDone(receipts: readonly QuotaReceipt[]): void
  onClose(): void
}

/** Other limits for one person or for many, all or none; what is left as it is stays. */
export function LimitsDialog({ people, version, who, onDone, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const [parts, setParts] = useState(nothingChosen)
  const [preset, setPreset] = useState('')
  // The numbers that are looked at are the ones it is done to: refused where they have changed since.
  const [seen, setSeen] = useState({ people, version })
  const limits = limitsOf(parts)
  const usernames = seen.people.map(({ username }) => username)
  return (
    <ActDialog
      title={t('staff.limits.title', { name: who })}
      confirm={t('staff.limits.confirm', { name: who })}
      isReady={limits !== null}
      run={(why) => command('staff:limits', { ...why, usernames, limits: limits ?? {}, version: seen.version })}
      onDone={onDone}
      onClose={onClose}
      onLookAgain={() => setSeen({ people, version })}
    >
      <PresetFields
        current={wholeOf(limits)}
        onPick={(picked) => {
          setParts(partsOf(picked))
          setPreset(picked.name)
        }}
      />
      {limitKinds.map((kind) => (
        <LimitFields
          // What a preset says is written into fields that are new.
          key={`${kind} ${preset}`}
          kind={kind}
          part={parts[kind]}
          onChange={(part) => setParts({ ...parts, [kind]: part })}
        />
      ))}
      <LimitsPreview people={seen.people} limits={saidSoFar(parts)} />
      <p className="muted small">{t('staff.limits.reserved')}</p>
    </ActDialog>
  )
}

type FieldsProps = { readonly kind: LimitKind; readonly part: Part; onChange(part: Part): void }

function LimitFields({ kind, part, onChange }: FieldsProps): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="limit-fields">
      <Choice<Mode>
        label={t(`staff.limits.${kind}`)}
        value={part.mode}
        onChange={(mode) => onChange({ ...part, mode })}
        options={[
          { value: 'keep', label: t('staff.limits.keep') },
          { value: 'limit', label: t('staff.limits.limit') },
          { value: 'none', label: t('quota.noLimit') },
        ]}
      />
      {part.mode === 'limit' && (
        <NumberField
          label={t(`staff.limits.${kind}Value`)}
          initial={part.value}
          onChange={(value) => onChange({ ...part, value })}
          maxValue={most[kind]}
          isWhole={kind === 'videos'}
        />
      )}
    </div>
  )
}
