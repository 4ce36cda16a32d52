import { LogOut } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { SessionEnd } from '../../contract/desktop'
import { isEnded } from '../../contract/job-end'
import { Button } from '../controls/button'
import { useFormat } from '../format/use-format'
import { isolate } from '../format/format'
import { describeEnd } from '../restores/describe-job'
import { JobBar } from '../restores/job-bar'
import { useMirror } from '../state/mirror'
import { BareScreen } from '../frame/bare-screen'

/** Reasons whose sentence names the device that did it, where that is known. */
const namesDevice = (reason: SessionEnd['reason']): reason is 'signed_out_elsewhere' | 'password_changed' =>
  reason === 'signed_out_elsewhere' || reason === 'password_changed'

/** Says who ended the session, when and why, what is safe, and how to go on. Fills the window: it is not a passing notice. */
export function SessionEndedScreen({
  ended,
  onSignIn,
}: {
  readonly ended: SessionEnd
  onSignIn(): void
}): React.JSX.Element {
  const { t } = useTranslation()
  const words = useEndWords(ended)
  return (
    <BareScreen title={t('sessions.endedTitle')} icon={LogOut} isAlert alertText={words}>
      <p className="lead">{words}</p>
      {ended.note !== undefined && <p>{t('sessions.endedNote', { note: isolate(ended.note) })}</p>}
      {ended.username !== '' && <p className="muted">{t('sessions.endedAccount', { name: isolate(ended.username) })}</p>}
      <RunningRestore />
      <SafeSentences uploads={ended.uploads} downloads={ended.downloads} />
      <Button variant="primary" onPress={onSignIn}>
        {t('sessions.signInAgain')}
      </Button>
    </BareScreen>
  )
}

/** A restore goes on without the session, and so does looking at it. */
function RunningRestore(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const followed = useMirror((mirror) => mirror.restores)
  // One that still runs before one that is over.
  const shown = followed.find(({ status }) => !isEnded(status.state)) ?? followed[0]
  if (shown === undefined) return null
  const { status, isUnreadable } = shown
  const title = t(isEnded(status.state) ? 'backups.signedOutEnded' : 'backups.signedOutFollow')
  return (
    <section aria-label={title}>
      <p>{title}</p>
      {isEnded(status.state) ? (
        <output>{describeEnd(status, { t, format }).words}</output>
      ) : (
        <JobBar job={status} label={t('backups.progressOf')} />
      )}
      {isUnreadable && <p role="alert">{t('backups.unreadable')}</p>}
    </section>
  )
}

/** Who, when and why, in one sentence. A reason that nobody here knows is said in general. */
function useEndWords({ reason, at, byDevice }: SessionEnd): string {
  const { t } = useTranslation()
  const format = useFormat()
  const date = format.dateTime(new Date(at))
  if (reason === null) return t('sessions.endedReason.unknown')
  if (byDevice !== null && namesDevice(reason)) {
    return t(`sessions.endedReasonBy.${reason}`, { device: isolate(byDevice), date })
  }
  return t(`sessions.endedReason.${reason}`, { date })
}

/** What happens to what was under way. */
function SafeSentences({ uploads, downloads }: Pick<SessionEnd, 'uploads' | 'downloads'>): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { isDiscarded, finishingCount, waitingCount, keptUntil } = uploads
  const isNothing = finishingCount + waitingCount + downloads.finishingCount + downloads.waitingCount === 0
  if (!isDiscarded && isNothing) return <p>{t('sessions.endedNothing')}</p>
  return (
    <>
      {isDiscarded && <p>{t('sessions.endedDiscarded')}</p>}
      {finishingCount > 0 && (
        <p>{t('sessions.endedFinishing', { count: finishingCount, num: format.number(finishingCount) })}</p>
      )}
      {waitingCount > 0 && (
        <p>
          {t('sessions.endedPaused', { count: waitingCount, num: format.number(waitingCount) })}
          {keptUntil !== null && ` ${t('sessions.endedKept', { date: format.date(new Date(keptUntil)) })}`}
        </p>
      )}
      {downloads.finishingCount > 0 && (
        <p>
          {t('sessions.endedDownloading', {
            count: downloads.finishingCount,
            num: format.number(downloads.finishingCount),
          })}
        </p>
      )}
      {downloads.waitingCount > 0 && (
        <p>
          {t('sessions.endedDownloadsWait', {
            count: downloads.waitingCount,
            num: format.number(downloads.waitingCount),
          })}
        </p>
      )}
    </>
  )
}
