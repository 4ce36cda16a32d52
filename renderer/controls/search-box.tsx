import { Search, X } from 'lucide-react'
import { Button, Input, Label, SearchField } from 'react-aria-components'

type Props = { readonly label: string; readonly text: string; onText(text: string): void; readonly isWide?: boolean }

/** Where one types what to look for. */
export function SearchBox({ label, text, onText, isWide = false }: Props): React.JSX.Element {
  return (
    <SearchField className="search" data-wide={isWide || undefined} value={text} onChange={onText}>
      <Label className="only-read">{label}</Label>
      <Search size={16} aria-hidden className="search-icon" />
      <Input className="field-input search-input" dir="auto" placeholder={label} />
      <Button className="icon-button search-clear">
        <X size={16} aria-hidden />
      </Button>
    </SearchField>
  )
}
