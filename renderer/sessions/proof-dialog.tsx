import { useEffect, useId, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { PasswordField } from '../controls/text-field'
import { command } from '../desktop'
import type { ProofWays } from '../../contract/providers'
import { FormFailure } from './form-failure'
import { ProviderSignIn } from './provider-sign-in'
import { settleProof, useProof } from './proof'
import { useFocusOnComplaint, useSubmit } from './use-submit'

/** Asks for the password, or for a sign-in at the provider of the account, before a sensitive act whose last proof is too old. Any command may open it (`desktop.ts`). */
export function ProofDialog(): React.JSX.Element {
  const { t } = useTranslation()
  const isOpen = useProof(({ waiting }) => waiting.length > 0)
  const form = useId()
  const [isPending, setIsPending] = useState(false)
  const ways = useProofWays(isOpen)
  // Whoever waits gets an answer, also where the window turns to another screen meanwhile.
  useEffect(() => () => settleProof(false), [])
  return (
    <Dialog
      title={t('sessions.proofTitle')}
      isOpen={isOpen}
      onClose={() => settleProof(false)}
      size="small"
      footer={
        <>
          <Button onPress={() => settleProof(false)}>{t('common.cancel')}</Button>
          {ways?.password === true && (
            <Button type="submit" form={form} variant="primary" isPending={isPending}>
              {isPending ? t('sessions.proofChecking') : t('sessions.proofConfirm')}
            </Button>
          )}
        </>
      }
    >
      {ways?.password === true && <ProofForm id={form} onPending={setIsPending} />}
      {ways?.password === false && <p>{t('sessions.proofAtProvider')}</p>}
      {ways !== null && (
        <ProviderSignIn
          providers={ways.providers}
          purpose="proof"
          isAlternative={ways.password}
          onDone={() => settleProof(true)}
        />
      )}
    </Dialog>
  )
}

const passwordOnly: ProofWays = { password: true, providers: [] }

/** How this person can prove who they are; null until it is known. A password is asked for where nobody can say. */
function useProofWays(isOpen: boolean): ProofWays | null {
  const [ways, setWays] = useState<ProofWays | null>(null)
  useEffect(() => {
    if (!isOpen) return
    let isGone = false
    void command('sessions:proof-ways', undefined).then((reply) => {
      if (!isGone) setWays(reply.ok ? reply.value : passwordOnly)
    })
    return () => {
      isGone = true
      setWays(null)
    }
  }, [isOpen])
  return ways
}

/** Mounted with the dialogue, so that no password outlives it. */
function ProofForm({ id, onPending }: { readonly id: string; onPending(isPending: boolean): void }): React.JSX.Element {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const { isPending, failure, submit } = useSubmit()
  const form = useFocusOnComplaint(failure)
  useEffect(() => {
    onPending(isPending)
    return () => onPending(false)
  }, [isPending, onPending])
  const isWrong = failure?.code === 'wrong-password'
  return (
    <Form
      ref={form}
      id={id}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (password === '') return
        void submit(async () => {
          const reply = await command('sessions:prove', { password })
          if (reply.ok) settleProof(true)
          return reply
        })
      }}
    >
      <p>{t('sessions.proofBody')}</p>
      {failure && !isWrong && <FormFailure failure={failure} />}
      <PasswordField
        label={t('sessions.currentPassword')}
        name="current-password"
        autoComplete="current-password"
        takesFocus
        value={password}
        onChange={setPassword}
        error={isWrong ? t('sessions.wrongPassword') : undefined}
      />
    </Form>
  )
}
