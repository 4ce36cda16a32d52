import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useFormat } from '../format/use-format'
import { readNumber } from './read-number'
import { TextField } from './text-field'

type Props = {
  readonly label: string
  readonly help?: string
  /** null: nothing, or nothing that makes sense, was entered. */
  onChange(value: number | null): void
  readonly maxValue: number
  /** What stands there before anybody types. */
  readonly initial?: number | null
  readonly isWhole?: boolean
}

/**
 * A number in the digits of the person, or nothing. React Aria's own field writes markup that our policy forbids (Trusted
 * Types) when it announces what it was cleared to.
 */
export function NumberField({ label, help, onChange, maxValue, initial = null, isWhole = false }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [text, setText] = useState(initial === null ? '' : format.number(initial, 3))
  const read = readNumber(text)
  const isNumber = read !== null && (!isWhole || Number.isInteger(read))
  const error =
    text.trim() === ''
      ? undefined
      : !isNumber
        ? isWhole
          ? t('common.notWhole')
          : t('common.notANumber')
        : read > maxValue
          ? t('common.tooMuch', { most: format.number(maxValue) })
          : undefined
  return (
    <TextField
      label={label}
      {...(help === undefined ? {} : { help })}
      inputMode={isWhole ? 'numeric' : 'decimal'}
      autoComplete="off"
      maxLength={30}
      value={text}
      error={error}
      onChange={(next) => {
        setText(next)
        const value = readNumber(next)
        onChange(value === null || value > maxValue || (isWhole && !Number.isInteger(value)) ? null : value)
      }}
    />
  )
}
