import { Check, Minus } from 'lucide-react'
import { Checkbox } from 'react-aria-components'

/** Chooses the row that it stands in, or in a table's head all of them. */
export function SelectBox({ label }: { readonly label: string }): React.JSX.Element {
  return (
    <Checkbox slot="selection" className="select-box" aria-label={label}>
      {({ isIndeterminate, isSelected }) => (
        <span className="select-box-mark">
          {isIndeterminate ? <Minus size={14} aria-hidden /> : isSelected && <Check size={14} aria-hidden />}
        </span>
      )}
    </Checkbox>
  )
}
