import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { UploadsChoice } from '../../contract/sessions'
import { Button } from '../controls/button'
import { Choice } from '../controls/choice'
import { Dialog } from '../controls/dialog'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { ask } from '../state/queries'
import { describeTransferring } from './describe-device'
import { closeSignOut, markEnding, type SignOutTarget, useSignOut } from './sign-out'

/** The dialogue of `askToSignOut`; one for the whole window, because a notice can open it anywhere. */
export function SignOutDialog(): React.JSX.Element | null {
  const target = useSignOut((signOut) => signOut.target)
  if (target === null) return null
  return target.kind === 'one' ? <EndOne key={target.device.id} target={target} /> : <EndOthers />
}

type OneTarget = Extract<SignOutTarget, { kind: 'one' }>

function EndOne({ target }: { readonly target: OneTarget }): React.JSX.Element {
  const { device, isStranger } = target
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const name = isolate(device.device.name)
  // As it is now, and while one thinks about it: what the list had may be old.
  const look = useQuery({
    queryKey: ['devices', 'look', device.id],
    queryFn: () => ask('sessions:look', device.id),
    staleTime: 0,
    refetchInterval: 2_000,
  })
  const seen = look.data ?? null
  const end = async (uploads: UploadsChoice): Promise<void> => {
    closeSignOut()
    const unmark = markEnding(device.id)
    const reply = await command('sessions:end', { id: device.id, uploads })
    unmark()
    if (!reply.ok) return report(reply.failure)
    const title = t('devices.signedOut', { name })
    // Whoever was there knows the password: this is read without hurry.
    if (isStranger) notify({ tone: 'info', title, detail: t('devices.newAdvice') }, { timeoutMs: null })
    else notify({ tone: 'good', title })
    sayPolitely(title)
  }
  const doing = describeTransferring(seen?.transferring ?? null, { t, format }, { isSentence: true })
  return (
    <EndDialog
      target={target}
      body={t('devices.endBody')}
      doing={seen || look.error ? doing : t('devices.looking')}
      isSending={(seen ?? device).transferring !== null}
      onConfirm={(uploads) => void end(uploads)}
    />
  )
}

function EndOthers(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const list = useQuery({
    queryKey: ['devices', 'list'],
    queryFn: () => ask('sessions:list', undefined),
    staleTime: 0,
    refetchInterval: 2_000,
  })
  const others = list.data?.filter(({ current }) => !current) ?? []
  const sending = others.filter(({ transferring }) => transferring !== null)
  const end = async (uploads: UploadsChoice): Promise<void> => {
    closeSignOut()
    const unmark = others.map(({ id }) => markEnding(id))
    const reply = await command('sessions:end-others', { uploads })
    for (const stop of unmark) stop()
    if (!reply.ok) return report(reply.failure)
    const { ended } = reply.value
    const title = t('devices.othersSignedOut', { count: ended, num: format.number(ended) })
    notify({ tone: 'good', title })
    sayPolitely(title)
  }
  const counted = (count: number): { count: number; num: string } => ({ count, num: format.number(count) })
  const names = format.list(sending.map(({ device }) => isolate(device.name)))
  const doing =
    sending.length > 0 ? t('devices.othersSending', { ...counted(sending.length), names }) : t('devices.othersIdle')
  return (
    <EndDialog
      target={{ kind: 'others' }}
      body={t('devices.othersBody', counted(others.length))}
      doing={doing}
      isSending={sending.length > 0}
      onConfirm={(uploads) => void end(uploads)}
    />
  )
}

type EndDialogProps = {
  readonly target: SignOutTarget
  readonly body: string
  /** What would be cut short. */
  readonly doing: string
  readonly isSending: boolean
  onConfirm(uploads: UploadsChoice): void
}

/** What it ends, what that device is doing, and what is to become of it. Enter says no. */
function EndDialog({ target, body, doing, isSending, onConfirm }: EndDialogProps): React.JSX.Element {
  const { t } = useTranslation()
  const [uploads, setUploads] = useState<UploadsChoice>('pause')
  const help = {
    pause: t('devices.choicePauseHelp'),
    finish: t('devices.choiceFinishHelp'),
    discard: t('devices.choiceDiscardHelp'),
  } as const satisfies Record<UploadsChoice, string>
  const title =
    target.kind === 'one' ? t('devices.endTitle', { name: isolate(target.device.device.name) }) : t('devices.othersTitle')
  return (
    <Dialog
      role="alertdialog"
      title={title}
      isOpen
      onClose={closeSignOut}
      footer={
        <>
          <Button takesFocus onPress={closeSignOut}>
            {t('common.cancel')}
          </Button>
          <Button variant="danger" onPress={() => onConfirm(uploads)}>
            {t('devices.signOut')}
          </Button>
        </>
      }
    >
      <p>{body}</p>
      <p className="end-doing" aria-live="polite">
        {doing}
      </p>
      {isSending && (
        <Choice<UploadsChoice>
          label={t('devices.choice')}
          help={help[uploads]}
          value={uploads}
          onChange={setUploads}
          options={[
            { value: 'pause', label: t('devices.choicePause') },
            { value: 'finish', label: t('devices.choiceFinish') },
            { value: 'discard', label: t('devices.choiceDiscard') },
          ]}
        />
      )}
    </Dialog>
  )
}
