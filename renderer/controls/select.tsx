import { Check, ChevronDown } from 'lucide-react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, Text } from 'react-aria-components'

export type Option<Value extends string> = { readonly value: Value; readonly label: string; readonly lang?: string }

type Props<Value extends string> = {
  readonly label: string
  readonly help?: string
  readonly options: readonly Option<Value>[]
  readonly value: Value
  onChange(value: Value): void
  /** The label is only for assistive technology where the value says enough. */
  readonly hidesLabel?: boolean
}

/** One choice out of a few, in a list that opens. */
export function Select<Value extends string>(props: Props<Value>): React.JSX.Element {
  const { label, help, options, value, onChange, hidesLabel = false } = props
  return (
    <AriaSelect
      className="field select"
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key)
        if (chosen && chosen.value !== value) onChange(chosen.value)
      }}
    >
      <Label className={hidesLabel ? 'only-read' : 'field-label'}>{label}</Label>
      <Button className="button select-button">
        <SelectValue className="select-value" />
        <ChevronDown size={16} aria-hidden />
      </Button>
      {help !== undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <Popover className="popover">
        <ListBox className="options" items={options}>
          {({ value: id, label: text, lang }) => (
            <ListBoxItem id={id} textValue={text} className="option" lang={lang}>
              {({ isSelected }) => (
                <>
                  <span>{text}</span>
                  {isSelected && <Check size={16} aria-hidden />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
