import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  ToggleButton,
} from 'react-aria-components'
import { forgetWhenGone } from './forget-when-gone'

type TextFieldProps = Omit<AriaTextFieldProps, 'children' | 'className' | 'autoFocus'> & {
  /** On a screen that is nothing but a form: where one begins to type. */
  readonly takesFocus?: boolean
  readonly label: string
  /** The label is only for assistive technology where the place says enough. */
  readonly hidesLabel?: boolean
  readonly help?: string
  readonly error?: string | undefined
  /** Accounts, addresses and secrets are written left to right in every language; names follow their own script. */
  readonly direction?: 'ltr' | 'auto'
}

/** One line of text with its label, a line of help, and what is wrong with it. */
export function TextField({
  label,
  help,
  error,
  direction = 'auto',
  takesFocus = false,
  hidesLabel = false,
  ...props
}: TextFieldProps): React.JSX.Element {
  return (
    <AriaTextField
      {...props}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the form is the whole screen; nothing comes before it
      autoFocus={takesFocus}
      isInvalid={error !== undefined}
      className="field"
      validationBehavior="aria"
    >
      <Label className={hidesLabel ? 'only-read' : 'field-label'}>{label}</Label>
      <Input className="field-input" dir={direction} />
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  )
}

/** Some sentences, with what `TextField` has. */
export function LongTextField({
  label,
  help,
  error,
  rows = 3,
  takesFocus = false,
  ...props
}: Omit<TextFieldProps, 'hidesLabel' | 'direction'> & { readonly rows?: number }): React.JSX.Element {
  return (
    <AriaTextField
      {...props}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- see TextField
      autoFocus={takesFocus}
      isInvalid={error !== undefined}
      className="field"
      validationBehavior="aria"
    >
      <Label className="field-label">{label}</Label>
      <TextArea className="field-input field-lines" dir="auto" rows={rows} />
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  )
}

/** A password, hidden unless the person asks to see it. */
export function PasswordField({
  label,
  help,
  error,
  takesFocus = false,
  ...props
}: Omit<TextFieldProps, 'hidesLabel' | 'direction'>): React.JSX.Element {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(false)
  return (
    <AriaTextField
      {...props}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- see TextField
      autoFocus={takesFocus}
      type={isShown ? 'text' : 'password'}
      isInvalid={error !== undefined}
      className="field"
      validationBehavior="aria"
    >
      <Label className="field-label">{label}</Label>
      <div className="field-with-button">
        <Input ref={forgetWhenGone} className="field-input" dir="ltr" />
        <ToggleButton
          className="icon-button field-button"
          isSelected={isShown}
          onChange={setIsShown}
          aria-label={t('sessions.showPassword')}
        >
          {isShown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
        </ToggleButton>
      </div>
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  )
}

function FieldNotes({ help, error }: { help: string | undefined; error: string | undefined }): React.JSX.Element {
  return (
    <>
      {help !== undefined && error === undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </>
  )
}
