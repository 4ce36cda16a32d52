import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import { Form } from 'react-aria-components'
import type { Failure } from '../../../contract/failures'
import type { ReadSnapshot } from '../../../contract/support'
import { Button } from '../../controls/button'
import { TextField } from '../../controls/text-field'
import { command } from '../../desktop'
import { PageHeader } from '../../frame/page-header'
import { FormFailure } from '../../sessions/form-failure'
import { SnapshotCard } from './snapshot-card'

/** Three words that somebody reads out, and what their app shows with them. */
export function CodeScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const [isPending, setIsPending] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [shown, setShown] = useState<ReadSnapshot | null>(null)
  const read = async (): Promise<void> => {
    if (code.trim() === '' || isPending) return
    setIsPending(true)
    setFailure(null)
    // Nobody is to take the former snapshot for the one that was asked for now.
    setShown(null)
    const reply = await command('staff:read-code', { code })
    setIsPending(false)
    if (reply.ok) setShown(reply.value)
    else setFailure(reply.failure)
  }
  const unknown = { happened: t('staff.codes.unknown'), next: t('staff.codes.unknownNext') }
  return (
    <>
      <PageHeader title={t('staff.codes.title')} />
      <section className="card statement" aria-label={t('staff.codes.title')}>
        <p className="muted">{t('staff.codes.help')}</p>
        {failure && <FormFailure failure={failure} words={failure.code === 'not-found' ? unknown : null} />}
        <Form
          className="fields-in-row"
          onSubmit={(event) => {
            event.preventDefault()
            void read()
          }}
        >
          <TextField
            label={t('staff.codes.words')}
            name="support-code"
            autoComplete="off"
            spellCheck="false"
            direction="ltr"
            maxLength={100}
            value={code}
            onChange={setCode}
          />
          <Button type="submit" variant="primary" isPending={isPending}>
            {t('staff.codes.show')}
          </Button>
        </Form>
      </section>
      {shown && <SnapshotCard shown={shown} />}
    </>
  )
}
