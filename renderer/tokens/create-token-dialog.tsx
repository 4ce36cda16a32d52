import { useEffect, useId, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import type { NewApiToken } from '../../contract/tokens'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { Select } from '../controls/select'
import { TextField } from '../controls/text-field'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { FormFailure } from '../sessions/form-failure'
import { useFocusOnComplaint, useSubmit } from '../sessions/use-submit'

type Props = { readonly isOpen: boolean; onClose(): void; onMade(made: NewApiToken): void }

/** Asks for a name and a life, and hands the new key on to be shown. */
export function CreateTokenDialog({ isOpen, onClose, onMade }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const form = useId()
  const [isPending, setIsPending] = useState(false)
  return (
    <Dialog
      title={t('tokens.createTitle')}
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} variant="primary" isPending={isPending}>
            {isPending ? t('tokens.creating') : t('tokens.createConfirm')}
          </Button>
        </>
      }
    >
      <CreateTokenForm id={form} onPending={setIsPending} onMade={onMade} />
    </Dialog>
  )
}

const lives = [7, 30, 90, 365] as const
const never = 'never'
const longestName = 100

type FormProps = { readonly id: string; onPending(isPending: boolean): void; onMade(made: NewApiToken): void }

function CreateTokenForm({ id, onPending, onMade }: FormProps): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [name, setName] = useState('')
  const [life, setLife] = useState('90')
  const [attempts, setAttempts] = useState(0)
  const { isPending, failure, submit } = useSubmit()
  const form = useFocusOnComplaint(attempts)
  useEffect(() => {
    onPending(isPending)
    return () => onPending(false)
  }, [isPending, onPending])
  const isEmpty = name.trim() === ''
  return (
    <Form
      ref={form}
      id={id}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        setAttempts(attempts + 1)
        if (isEmpty) return
        void submit(async () => {
          const expiry = life === never ? {} : { expiresInDays: Number(life) }
          const reply = await command('tokens:create', { name, ...expiry })
          if (!reply.ok) return reply
          onMade(reply.value)
          return { ok: true, value: undefined }
        })
      }}
    >
      {failure && <FormFailure failure={failure} />}
      <TextField
        label={t('tokens.name')}
        help={t('tokens.nameHelp')}
        name="token-name"
        autoComplete="off"
        takesFocus
        maxLength={longestName}
        value={name}
        onChange={setName}
        error={attempts > 0 && isEmpty ? t('sessions.required') : undefined}
      />
      <Select
        label={t('tokens.expires')}
        help={t('tokens.expiryHelp')}
        value={life}
        onChange={setLife}
        options={[
          ...lives.map((days) => ({
            value: String(days),
            label: t('tokens.expiryDays', { count: days, num: format.number(days) }),
          })),
          { value: never, label: t('tokens.expiryNever') },
        ]}
      />
    </Form>
  )
}
