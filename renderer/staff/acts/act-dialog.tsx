import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import { Form } from 'react-aria-components'
import type { Failure, Reply } from '../../../contract/failures'
import { Button } from '../../controls/button'
import { Dialog } from '../../controls/dialog'
import { FormFailure } from '../../sessions/form-failure'
import { useFocusOnComplaint } from '../../sessions/use-submit'
import { ReasonFields, useWhy, type Why } from './reason-fields'

type Props<Result> = {
  readonly title: string
  /** What the button does, with whom it concerns. */
  readonly confirm: string
  readonly tone?: 'primary' | 'danger'
  /** What is chosen, and what would come of it. */
  readonly children?: ReactNode
  /** False while nothing is chosen that would change anything. */
  readonly isReady?: boolean
  run(why: Why): Promise<Reply<Result>>
  onDone(result: Result): void
  onClose(): void
  /** Somebody else was quicker: shows what there is now. */
  onLookAgain?(): void
}

/** One act of staff: what it would do, why, and the button that does it. What it was refused with stays in view. */
export function ActDialog<Result>(props: Props<Result>): React.JSX.Element {
  const { title, confirm, tone = 'primary', children, isReady = true, run, onDone, onClose, onLookAgain } = props
  const { t } = useTranslation()
  const queries = useQueryClient()
  const id = useId()
  const form = useWhy()
  const [attempts, setAttempts] = useState(0)
  const [isPending, setIsPending] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const complaint = useFocusOnComplaint(attempts)
  const submit = async (): Promise<void> => {
    setAttempts(attempts + 1)
    // A field that complains is not to be passed over in silence.
    const complains = complaint.current?.querySelector('[aria-invalid=true]') !== null
    if (form.why === null || !isReady || complains || isPending) return
    setIsPending(true)
    setFailure(null)
    const reply = await run(form.why)
    setIsPending(false)
    // Also after a refusal: what was shown is what it was refused for.
    void queries.invalidateQueries({ queryKey: ['staff'] })
    if (reply.ok) onDone(reply.value)
    else setFailure(reply.failure)
  }
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} variant={tone} isPending={isPending}>
            {isPending ? t('staff.act.working') : confirm}
          </Button>
        </>
      }
    >
      <Form
        ref={complaint}
        id={id}
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {failure && <FormFailure failure={failure} />}
        {failure?.code === 'changed-meanwhile' && onLookAgain && (
          <Button
            onPress={() => {
              setFailure(null)
              onLookAgain()
            }}
          >
            {t('staff.act.lookAgain')}
          </Button>
        )}
        {children}
        {attempts > 0 && !isReady && (
          <p className="field-error" role="alert">
            {t('staff.act.nothing')}
          </p>
        )}
        <ReasonFields form={form} isTried={attempts > 0} />
      </Form>
    </Dialog>
  )
}
