import { Label, Radio, RadioGroup, Text } from 'react-aria-components'
import type { Option } from './select'

type Props<Value extends string> = {
  readonly label: string
  readonly help?: string
  readonly options: readonly Option<Value>[]
  readonly value: Value
  onChange(value: Value): void
}

/** One choice out of a few, all in view side by side. */
export function Choice<Value extends string>({ label, help, options, value, onChange }: Props<Value>): React.JSX.Element {
  return (
    <RadioGroup
      className="field"
      orientation="horizontal"
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key)
        if (chosen) onChange(chosen.value)
      }}
    >
      <Label className="field-label">{label}</Label>
      <div className="choice">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="choice-option">
            {option.label}
          </Radio>
        ))}
      </div>
      {help !== undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
    </RadioGroup>
  )
}
