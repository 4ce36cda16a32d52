import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { Preset } from '../../../contract/presets'
import { Button } from '../../controls/button'
import { Select } from '../../controls/select'
import { TextField } from '../../controls/text-field'
import { command } from '../../desktop'
import { useReport } from '../../failures/use-report'
import { isolate } from '../../format/format'
import { ask } from '../../state/queries'

const none = ''
const longestName = 60

type Props = {
  /** What is filled in now, where it says all three limits; null where it does not. */
  readonly current: Omit<Preset, 'name'> | null
  onPick(preset: Preset): void
}

/** Fills the form in from limits with a name, and keeps what is filled in under one. */
export function PresetFields({ current, onPick }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const queries = useQueryClient()
  const [picked, setPicked] = useState(none)
  const [name, setName] = useState<string | null>(null)
  const { data } = useQuery({ queryKey: ['staff', 'presets'], queryFn: () => ask('staff:presets', undefined) })
  const presets = data ?? []
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['staff', 'presets'] })
  const save = async (): Promise<void> => {
    if (name === null || name.trim() === '' || current === null) return
    const reply = await command('staff:put-preset', { name, ...current })
    if (!reply.ok) return report(reply.failure)
    setName(null)
    refresh()
  }
  const remove = async (): Promise<void> => {
    const reply = await command('staff:remove-preset', picked)
    if (!reply.ok) return report(reply.failure)
    setPicked(none)
    refresh()
  }
  return (
    <div className="fields-in-row">
      {presets.length > 0 && (
        <Select
          label={t('staff.preset.title')}
          value={picked}
          onChange={(next) => {
            setPicked(next)
            const preset = presets.find((found) => found.name === next)
            if (preset) onPick(preset)
          }}
          options={[
            { value: none, label: t('staff.preset.none') },
            ...presets.map((preset) => ({ value: preset.name, label: preset.name })),
          ]}
        />
      )}
      {picked !== none && (
        <Button variant="quiet" onPress={() => void remove()}>
          {t('staff.preset.remove', { name: isolate(picked) })}
        </Button>
      )}
      {name === null ? (
        <Button variant="quiet" isDisabled={current === null} onPress={() => setName('')}>
          {t('staff.preset.save')}
        </Button>
      ) : (
        <>
          <TextField
            label={t('staff.preset.name')}
            name="preset-name"
            autoComplete="off"
            maxLength={longestName}
            value={name}
            onChange={setName}
          />
          <Button isDisabled={name.trim() === ''} onPress={() => void save()}>
            {t('staff.preset.keep')}
          </Button>
        </>
      )}
    </div>
  )
}
