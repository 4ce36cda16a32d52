import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionStatus } from '../../contract/desktop'
import { Button } from '../controls/button'
import { useFormat } from '../format/use-format'
import { isolate } from '../format/format'
import { BareScreen } from '../frame/bare-screen'
import { useMirror } from '../state/mirror'
import { isUnfinished, safeUntil } from '../uploads/transfer-groups'

type Ended = NonNullable<Extract<SessionStatus, { kind: 'signed-out' }>['ended']>

/** Says who ended the session, when and why, what is safe, and how to go on. Fills the window: it is not a passing notice. */
export function SessionEndedScreen({ ended, onSignIn }: { readonly ended: Ended; onSignIn(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const date = format.dateTime(new Date(ended.at))
  const reason = ended.reason ? t(`sessions.endedReason.${ended.reason}`, { date }) : t('sessions.endedReason.unknown')
  return (
    <BareScreen title={t('sessions.endedTitle')} icon={LogOut} isAlert alertText={reason}>
      <p className="lead">{reason}</p>
      {ended.username !== '' && <p className="muted">{t('sessions.endedAccount', { name: isolate(ended.username) })}</p>}
      <SafeSentence />
      <Button variant="primary" onPress={onSignIn}>
        {t('sessions.signInAgain')}
      </Button>
    </BareScreen>
  )
}

/** What happens to uploads that were under way. */
function SafeSentence(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  // As they were when the session ended: with nobody signed in, main shows nobody's rows.
  const [unfinished] = useState(() => Object.values(useMirror.getState().transfersById).filter(isUnfinished))
  if (unfinished.length === 0) return <p>{t('sessions.endedNothing')}</p>
  const keptUntil = safeUntil(unfinished)
  return (
    <p>
      {t('sessions.endedPaused', { count: unfinished.length, num: format.number(unfinished.length) })}
      {keptUntil !== null && ` ${t('sessions.endedKept', { date: format.date(new Date(keptUntil)) })}`}
    </p>
  )
}
