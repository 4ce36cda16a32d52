import { FieldError, Input, Label, NumberField as AriaNumberField, Text } from 'react-aria-components'

type Props = {
  readonly label: string
  readonly help?: string
  readonly error?: string | undefined
  /** null: nothing was entered. */
  readonly value: number | null
  onChange(value: number | null): void
  readonly minValue?: number
  readonly maxValue?: number
  readonly maximumFractionDigits?: number
  readonly isDisabled?: boolean
}

/** A number in the digits of the person, or nothing. */
export function NumberField(props: Props): React.JSX.Element {
  const { label, help, error, value, onChange, minValue = 0, maximumFractionDigits = 0, ...more } = props
  return (
    <AriaNumberField
      {...more}
      minValue={minValue}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      formatOptions={{ maximumFractionDigits }}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      isWheelDisabled
      className="field"
    >
      <Label className="field-label">{label}</Label>
      <Input className="field-input" />
      {help !== undefined && error === undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaNumberField>
  )
}
