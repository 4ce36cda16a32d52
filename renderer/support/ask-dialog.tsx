import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import type { Failure } from '../../contract/failures'
import type { QuotaAnswer } from '../../contract/quota'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { LongTextField } from '../controls/text-field'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { minutesPart, videosPart } from '../quota/quota-facts'
import { FormFailure } from '../sessions/form-failure'

const longest = 1000

type Props = { readonly quota: QuotaAnswer; onClose(): void }

/** Asks support for more. The message begins with what they would ask first; it is the person's to change. */
export function AskDialog({ quota, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const id = useId()
  const prefilled = usePrefilled(quota)
  const [message, setMessage] = useState(prefilled)
  const [isPending, setIsPending] = useState(false)
  const [isTried, setIsTried] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const isEmpty = message.trim() === ''
  const send = async (): Promise<void> => {
    setIsTried(true)
    if (isEmpty || isPending) return
    setIsPending(true)
    const reply = await command('quota:ask', { message })
    setIsPending(false)
    if (!reply.ok) return setFailure(reply.failure)
    void queries.invalidateQueries({ queryKey: ['quota', 'request'] })
    onClose()
    notify({ tone: 'good', title: t('acts.asked'), detail: t('acts.askedDetail') })
    sayPolitely(t('acts.asked'))
  }
  return (
    <Dialog
      title={t('acts.ask')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} variant="primary" isPending={isPending}>
            {isPending ? t('acts.sending') : t('acts.send')}
          </Button>
        </>
      }
    >
      <Form
        id={id}
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        {failure && <FormFailure failure={failure} />}
        <LongTextField
          label={t('acts.message')}
          help={t('acts.messageHelp')}
          rows={5}
          takesFocus
          maxLength={longest}
          value={message}
          onChange={setMessage}
          error={isTried && isEmpty ? t('sessions.required') : undefined}
        />
      </Form>
    </Dialog>
  )
}

/** The numbers as they are now, in the person's language. */
function usePrefilled(quota: QuotaAnswer): string {
  const { t } = useTranslation()
  const format = useFormat()
  const videos = videosPart(quota)
  const minutes = minutesPart(quota)
  const of = ({ used, limit }: { used: number; limit: number | null }, digits: number): { used: string; limit: string } => ({
    used: format.number(used, digits),
    limit: limit === null ? t('quota.noLimit') : format.number(limit, digits),
  })
  return [t('acts.prefilled'), t('acts.prefilledVideos', of(videos, 0)), t('acts.prefilledMinutes', of(minutes, 1))].join(
    '\n',
  )
}
