import { useEffect, useId, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { PasswordField } from '../controls/text-field'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { FormFailure } from './form-failure'
import { fieldComplaint, useFocusOnComplaint, useSubmit } from './use-submit'

type Props = { readonly isOpen: boolean; onClose(): void }

/** Changes the password and says beforehand what that ends. */
export function PasswordDialog({ isOpen, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const form = useId()
  const [isPending, setIsPending] = useState(false)
  const done = (): void => {
    onClose()
    const title = t('sessions.passwordChanged')
    notify({ tone: 'good', title })
    sayPolitely(title)
  }
  return (
    <Dialog
      title={t('sessions.changePassword')}
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} variant="primary" isPending={isPending}>
            {isPending ? t('sessions.changingPassword') : t('sessions.changePassword')}
          </Button>
        </>
      }
    >
      <PasswordForm id={form} onPending={setIsPending} onDone={done} />
    </Dialog>
  )
}

type FormProps = { readonly id: string; onPending(isPending: boolean): void; onDone(): void }

/** Mounted with the dialogue, so that no password outlives it. */
function PasswordForm({ id, onPending, onDone }: FormProps): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [attempts, setAttempts] = useState(0)
  const { isPending, failure, submit } = useSubmit()
  const form = useFocusOnComplaint(failure ?? attempts)
  useEffect(() => {
    onPending(isPending)
    return () => onPending(false)
  }, [isPending, onPending])

  const missing = (value: string): string | undefined => (attempts > 0 && value === '' ? t('sessions.required') : undefined)
  const isWrong = failure?.code === 'wrong-password'
  const rule = fieldComplaint(failure, 'new')
  const ruleWords =
    rule === undefined
      ? undefined
      : rule === 'password_too_long'
        ? t('sessions.passwordTooLong', { max: format.number(256) })
        : t('sessions.passwordTooShort')
  return (
    <Form
      ref={form}
      id={id}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        setAttempts(attempts + 1)
        if (current === '' || next === '') return
        void submit(async () => {
          const reply = await command('sessions:change-password', { current, new: next })
          if (reply.ok) onDone()
          return reply
        })
      }}
    >
      <p>{t('sessions.changePasswordBody')}</p>
      {failure && !isWrong && rule === undefined && <FormFailure failure={failure} />}
      <PasswordField
        label={t('sessions.currentPassword')}
        name="current-password"
        autoComplete="current-password"
        takesFocus
        value={current}
        onChange={setCurrent}
        error={isWrong ? t('sessions.wrongPassword') : missing(current)}
      />
      <PasswordField
        label={t('sessions.newPassword')}
        name="new-password"
        autoComplete="new-password"
        help={t('sessions.passwordHelp')}
        value={next}
        onChange={setNext}
        error={ruleWords ?? missing(next)}
      />
    </Form>
  )
}
