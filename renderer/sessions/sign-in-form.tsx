import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import { Button } from '../controls/button'
import { PasswordField, TextField } from '../controls/text-field'
import { command } from '../desktop'
import { useMirror } from '../state/mirror'
import { FormFailure } from './form-failure'
import { useFocusOnComplaint, useSubmit } from './use-submit'
import { useDeviceName } from './use-device-name'

/** Signs in with an existing account. `username` is filled in where the app knows who was here last. */
export function SignInForm({ username: lastUsername }: { readonly username: string }): React.JSX.Element {
  const { t } = useTranslation()
  const suggestedDeviceName = useDeviceName()
  const [username, setUsername] = useState(lastUsername)
  const [password, setPassword] = useState('')
  const [deviceName, setDeviceName] = useState(suggestedDeviceName)
  const [attempts, setAttempts] = useState(0)
  const { isPending, failure, submit } = useSubmit()
  // What is typed while the server restarts stays, and is sent when it can be answered.
  const isServerReady = useMirror((mirror) => mirror.backend.kind === 'ready')
  const form = useFocusOnComplaint(attempts)

  const missing = (value: string): string | undefined =>
    attempts > 0 && value.trim() === '' ? t('sessions.required') : undefined
  const isComplete = [username, password, deviceName].every((value) => value.trim() !== '')

  return (
    <Form
      ref={form}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        setAttempts(attempts + 1)
        if (isComplete) void submit(() => command('sessions:sign-in', { username, password, deviceName }))
      }}
    >
      {failure && <FormFailure failure={failure} />}
      <TextField
        label={t('sessions.username')}
        name="username"
        autoComplete="username"
        direction="ltr"
        // The first thing to do on this screen is to type here.
        takesFocus={lastUsername === ''}
        value={username}
        onChange={setUsername}
        error={missing(username)}
      />
      <PasswordField
        label={t('sessions.password')}
        name="password"
        autoComplete="current-password"
        takesFocus={lastUsername !== ''}
        value={password}
        onChange={setPassword}
        error={missing(password)}
      />
      <TextField
        label={t('sessions.deviceName')}
        name="device-name"
        autoComplete="off"
        help={t('sessions.deviceNameHelp')}
        value={deviceName}
        onChange={setDeviceName}
        error={missing(deviceName)}
      />
      <Button type="submit" variant="primary" isPending={isPending || !isServerReady}>
        {isPending ? t('sessions.signingIn') : t('sessions.signIn')}
      </Button>
    </Form>
  )
}
