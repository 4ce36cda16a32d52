import { useTranslation } from '../locales/use-translation'
import { Choice } from '../controls/choice'

type Props = {
  readonly label: string
  readonly help: string
  readonly value: boolean
  onChange(value: boolean): void
}

/** A setting that is on or off. */
export function OnOff({ label, help, value, onChange }: Props): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <Choice
      label={label}
      help={help}
      value={value ? 'on' : 'off'}
      onChange={(next) => onChange(next === 'on')}
      options={[
        { value: 'on', label: t('settings.on') },
        { value: 'off', label: t('settings.off') },
      ]}
    />
  )
}
