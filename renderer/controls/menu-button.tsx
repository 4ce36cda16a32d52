import { ChevronDown, type LucideIcon } from 'lucide-react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'

type Props<Key extends string> = {
  readonly icon: LucideIcon
  readonly label: string
  readonly items: readonly { readonly key: Key; readonly label: string }[]
  onChoose(key: Key): void
}

/** A button with a few ways to do what it says. */
export function MenuButton<Key extends string>({ icon: Icon, label, items, onChoose }: Props<Key>): React.JSX.Element {
  return (
    <MenuTrigger>
      <Button className="button button-secondary">
        <Icon size={18} aria-hidden />
        <span className="button-words">{label}</span>
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="options" aria-label={label}>
          {items.map((item) => (
            <MenuItem key={item.key} className="option" textValue={item.label} onAction={() => onChoose(item.key)}>
              {item.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
