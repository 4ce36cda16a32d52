import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArchiveRestore } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Backup, RestoreOrder } from '../../contract/backups'
import type { VideoId } from '../../contract/ids'
import type { IfVideoExists } from '../../contract/jobs'
import { Button } from '../controls/button'
import { Choice } from '../controls/choice'
import { Dialog } from '../controls/dialog'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { ask } from '../state/queries'
import { EntryPicker } from './entry-picker'
import { PlanSummary } from './plan-summary'

const steps = ['what', 'exists', 'summary'] as const
const modes = ['merge', 'keep-both', 'replace'] as const satisfies readonly IfVideoExists[]
type Step = (typeof steps)[number]

/** From a backup to a restore in three steps: what, what becomes of what is there, and what exactly would happen. */
export function RestoreDialog({ backup, onClose }: { readonly backup: Backup; onClose(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const queries = useQueryClient()
  const [step, setStep] = useState<Step>('what')
  const [picked, setPicked] = useState<ReadonlyMap<VideoId, number> | null>(null)
  const [mode, setMode] = useState<IfVideoExists>('merge')
  const [isPending, setPending] = useState(false)
  const order = { backupId: backup.id, mode, dryRun: false, skipsDamaged: false }
  const body: RestoreOrder = { ...order, ...(picked === null ? {} : { videos: [...picked.keys()] }) }
  const plan = useQuery({
    queryKey: ['backups', 'plan', body],
    queryFn: () => ask('restores:plan', body),
    enabled: step === 'summary',
    staleTime: 0,
  })
  const index = steps.indexOf(step)
  const before = steps[index - 1]
  const after = steps[index + 1]
  const { data } = plan
  const stepRef = useFocusAtEachStep(step)
  const canStart = data !== undefined && data.restores > 0 && data.restoresBytes <= data.freeBytes

  const start = async (): Promise<void> => {
    setPending(true)
    const reply = await command('restores:start', body)
    setPending(false)
    if (!reply.ok) return report(reply.failure)
    onClose()
    sayPolitely(t('backups.wizard.started'))
    await queries.invalidateQueries({ queryKey: ['backups'] })
  }

  return (
    <Dialog
      title={t('backups.wizard.title', { when: isolate(format.dateTime(new Date(backup.createdAt))) })}
      isOpen
      onClose={onClose}
      footer={
        <>
          {before === undefined ? (
            <Button onPress={onClose}>{t('backups.wizard.cancel')}</Button>
          ) : (
            <Button onPress={() => setStep(before)}>{t('backups.wizard.back')}</Button>
          )}
          {after === undefined ? (
            <Button
              variant="primary"
              icon={ArchiveRestore}
              isDisabled={!canStart}
              isPending={isPending}
              onPress={() => void start()}
            >
              {t('backups.wizard.start')}
            </Button>
          ) : (
            <Button variant="primary" isDisabled={picked?.size === 0} onPress={() => setStep(after)}>
              {t('backups.wizard.next')}
            </Button>
          )}
        </>
      }
    >
      <ol className="wizard-steps" aria-label={t('backups.wizard.steps')}>
        {steps.map((name) => (
          <li key={name} aria-current={name === step ? 'step' : undefined}>
            {t(`backups.wizard.${name}`)}
          </li>
        ))}
      </ol>
      <section className="wizard-step" aria-label={t(`backups.wizard.${step}`)} tabIndex={-1} ref={stepRef}>
        {step === 'what' && <EntryPicker backup={backup} picked={picked} onPick={setPicked} />}
        {step === 'exists' && (
          <Choice<IfVideoExists>
            label={t('backups.wizard.ifExists')}
            help={t(`backups.wizard.${mode}Hint`)}
            value={mode}
            onChange={setMode}
            options={modes.map((value) => ({ value, label: t(`backups.wizard.${value}`) }))}
          />
        )}
        {step === 'summary' && <PlanSummary plan={plan} />}
      </section>
    </Dialog>
  )
}

/** The button that led to a step may be gone or not ready: the step itself takes the focus, and a reader begins there. */
function useFocusAtEachStep(step: Step): React.RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null)
  const shown = useRef(step)
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    ref.current?.focus()
  }, [step])
  return ref
}
