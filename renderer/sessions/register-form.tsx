import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import type { Failure } from '../../contract/failures'
import { Button } from '../controls/button'
import { PasswordField, TextField } from '../controls/text-field'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { FormFailure } from './form-failure'
import { fieldComplaint, useFocusOnComplaint, useSubmit } from './use-submit'
import { useDeviceName } from './use-device-name'

/** What the rules in `contract/sessions.ts` are called, and the limits that their words name. */
const usernameLength = { min: 1, max: 64 }
const passwordLengthMax = 256

type Required = 'username' | 'password' | 'deviceName'

/** Makes an account and signs in with it. */
export function RegisterForm(): React.JSX.Element {
  const { t } = useTranslation()
  const explain = useFieldWords()
  const suggestedDeviceName = useDeviceName()
  const [values, setValues] = useState({
    username: '',
    displayName: '',
    email: '',
    password: '',
    deviceName: suggestedDeviceName,
  })
  const [attempts, setAttempts] = useState(0)
  const { isPending, failure, submit } = useSubmit()
  // What is typed while the server restarts stays, and is sent when it can be answered.
  const isServerReady = useMirror((mirror) => mirror.backend.kind === 'ready')
  const form = useFocusOnComplaint(failure ?? attempts)

  const isMissing = (name: Required): boolean => values[name].trim() === ''
  const error = (name: Required): string | undefined =>
    attempts > 0 && isMissing(name) ? t('sessions.required') : explain(failure, name)
  const change = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value })

  const register = (): Promise<void> =>
    submit(() => {
      const { displayName, email, ...required } = values
      const named = displayName.trim() === '' ? {} : { displayName }
      return command('sessions:register', { ...required, ...named, ...(email.trim() !== '' && { email: email.trim() }) })
    })

  return (
    <Form
      ref={form}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        setAttempts(attempts + 1)
        if (!isMissing('username') && !isMissing('password') && !isMissing('deviceName')) void register()
      }}
    >
      {failure && <FormFailure failure={failure} />}
      <TextField
        label={t('sessions.username')}
        name="username"
        autoComplete="username"
        direction="ltr"
        takesFocus
        help={t('sessions.usernameHelp')}
        value={values.username}
        onChange={change('username')}
        error={error('username')}
      />
      <TextField
        label={t('sessions.displayName')}
        name="display-name"
        autoComplete="name"
        value={values.displayName}
        onChange={change('displayName')}
      />
      <TextField
        label={t('sessions.email')}
        name="email"
        type="email"
        autoComplete="email"
        direction="ltr"
        help={t('sessions.emailHelp')}
        value={values.email}
        onChange={change('email')}
        error={explain(failure, 'email')}
      />
      <PasswordField
        label={t('sessions.password')}
        name="new-password"
        autoComplete="new-password"
        help={t('sessions.passwordHelp')}
        value={values.password}
        onChange={change('password')}
        error={error('password')}
      />
      <TextField
        label={t('sessions.deviceName')}
        name="device-name"
        autoComplete="off"
        help={t('sessions.deviceNameHelp')}
        value={values.deviceName}
        onChange={change('deviceName')}
        error={error('deviceName')}
      />
      <Button type="submit" variant="primary" isPending={isPending || !isServerReady}>
        {isPending ? t('sessions.registering') : t('sessions.register')}
      </Button>
    </Form>
  )
}

/** Words for the rule that a field broke. */
function useFieldWords(): (failure: Failure | null, path: string) => string | undefined {
  const { t } = useTranslation()
  const format = useFormat()
  return (failure, path) => {
    const rule = fieldComplaint(failure, path)
    if (rule === undefined) return undefined
    if (rule === 'username_format') {
      const limits = { min: format.number(usernameLength.min), max: format.number(usernameLength.max) }
      return t('sessions.usernameFormat', limits)
    }
    if (rule === 'password_too_short') return t('sessions.passwordTooShort')
    if (rule === 'password_too_long') return t('sessions.passwordTooLong', { max: format.number(passwordLengthMax) })
    return t('sessions.fieldInvalid')
  }
}
