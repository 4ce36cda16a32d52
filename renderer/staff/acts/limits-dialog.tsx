import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preset } from '../../../contract/presets'
import type { LimitsChange, QuotaReceipt } from '../../../contract/staff'
import { Choice } from '../../controls/choice'
import { NumberField } from '../../controls/number-field'
import { command } from '../../desktop'
import { ActDialog } from './act-dialog'
import { PresetFields } from './preset-fields'

type Mode = 'keep' | 'limit' | 'none'
type Part = { readonly mode: Mode; readonly value: number | null }
const kept: Part = { mode: 'keep', value: null }
const kinds = ['videos', 'minutes', 'fileMb'] as const
type Kind = (typeof kinds)[number]
type Parts = { readonly [Name in Kind]: Part }
const most: { readonly [Name in Kind]: number } = { videos: 1_000_000, minutes: 10_000_000, fileMb: 10_000_000 }

type Props = {
  readonly usernames: readonly string[]
  /** Who it is, in the words of title and button. */
  readonly who: string
  onDone(receipts: readonly QuotaReceipt[]): void
  onClose(): void
}

/** Other limits for one person or for many, all or none; what is left as it is stays. */
export function LimitsDialog({ usernames, who, onDone, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const [parts, setParts] = useState<Parts>({ videos: kept, minutes: kept, fileMb: kept })
  const [preset, setPreset] = useState('')
  const limits = limitsOf(parts)
  return (
    <ActDialog
      title={t('staff.limits.title', { name: who })}
      confirm={t('staff.limits.confirm', { name: who })}
      isReady={limits !== null}
      run={(why) => command('staff:limits', { ...why, usernames: [...usernames], limits: limits ?? {} })}
      onDone={onDone}
      onClose={onClose}
    >
      <PresetFields
        current={wholeOf(limits)}
        onPick={(picked) => {
          setParts(partsOf(picked))
          setPreset(picked.name)
        }}
      />
      {kinds.map((kind) => (
        <LimitFields
          // What a preset says is written into fields that are new.
          key={`${kind} ${preset}`}
          kind={kind}
          part={parts[kind]}
          onChange={(part) => setParts({ ...parts, [kind]: part })}
        />
      ))}
      <p className="muted small">{t('staff.limits.reserved')}</p>
    </ActDialog>
  )
}

type FieldsProps = { readonly kind: Kind; readonly part: Part; onChange(part: Part): void }

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

const partsOf = ({ maxVideos, maxDurationMinutes, maxFileSizeMB }: Preset): Parts => {
  const part = (value: number | null): Part => ({ mode: value === null ? 'none' : 'limit', value })
  return { videos: part(maxVideos), minutes: part(maxDurationMinutes), fileMb: part(maxFileSizeMB) }
}

/** A preset says all three. */
function wholeOf(limits: LimitsChange | null): Omit<Preset, 'name'> | null {
  const { maxVideos, maxDurationMinutes, maxFileSizeMB } = limits ?? {}
  if (maxVideos === undefined || maxDurationMinutes === undefined || maxFileSizeMB === undefined) return null
  return { maxVideos, maxDurationMinutes, maxFileSizeMB }
}

/** null where nothing would change, or a limit has no number yet. */
function limitsOf({ videos, minutes, fileMb }: Parts): LimitsChange | null {
  const all = [videos, minutes, fileMb]
  if (all.every(({ mode }) => mode === 'keep')) return null
  if (all.some(({ mode, value }) => mode === 'limit' && value === null)) return null
  const given = ({ mode, value }: Part): number | null => (mode === 'none' ? null : value)
  return {
    ...(videos.mode !== 'keep' && { maxVideos: given(videos) }),
    ...(minutes.mode !== 'keep' && { maxDurationMinutes: given(minutes) }),
    ...(fileMb.mode !== 'keep' && { maxFileSizeMB: given(fileMb) }),
  }
}
