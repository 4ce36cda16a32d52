import type { LucideIcon } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components'

type ButtonProps = Omit<AriaButtonProps, 'children' | 'className' | 'autoFocus' | 'isPending'> & {
  /** Its work is under way. */
  readonly isPending?: boolean
  /** In a dialogue: the answer that Enter gives. */
  readonly takesFocus?: boolean
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  readonly icon?: LucideIcon
  readonly children: ReactNode
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button with words. While `isPending` it keeps its place and focus, says so, and does nothing. */
export function Button({
  variant = 'secondary',
  icon: Icon,
  takesFocus = false,
  isPending = false,
  children,
  ...props
}: ButtonProps): React.JSX.Element {
  // React Aria's own pending state leaves an announcement behind whose label is gone with the button.
  const pending = isPending ? ({ 'aria-disabled': true, onPress: () => undefined, type: 'button' } as const) : {}
  return (
    // oxlint-disable-next-line jsx-a11y/no-autofocus -- an open dialogue has to say where the focus begins
    <AriaButton {...props} {...pending} autoFocus={takesFocus} className={`button button-${variant}`}>
      {Icon && <Icon size={18} aria-hidden />}
      <span className="button-words">{children}</span>
    </AriaButton>
  )
}

type IconButtonProps = Omit<AriaButtonProps, 'children' | 'className' | 'aria-label'> & {
  readonly icon: LucideIcon
  /** The whole accessible name, with the thing it acts on ("Pause holiday.mp4"). */
  readonly label: string
  /** The short word shown on hover and focus; the label where absent. */
  readonly hint?: string
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button that is an icon, named for assistive technology and explained on hover and focus. */
export function IconButton({ icon: Icon, label, hint, ...props }: IconButtonProps): React.JSX.Element {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton {...props} aria-label={label} className="icon-button">
        <Icon size={18} aria-hidden />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {hint ?? label}
      </Tooltip>
    </TooltipTrigger>
  )
}
