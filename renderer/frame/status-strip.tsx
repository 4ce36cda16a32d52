import {
  BatteryMedium,
  CircleCheck,
  CirclePause,
  ClockAlert,
  Gauge,
  KeyRound,
  RotateCw,
  Unplug,
  WifiOff,
} from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useLocation } from 'wouter'
import { describeServerWait } from '../server/describe-wait'
import { RestartingWords } from '../server/server-screens'
import { Button } from '../controls/button'
import { command } from '../desktop'
import { type Mirror, useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { useFormat, useNow } from '../format/use-format'
import { describePause } from '../uploads/describe-pause'
import { ResumeNow } from '../uploads/pause-all'
import { useQueuePause } from '../uploads/use-queue-pause'
import { Strip } from './strip'
import { useLasting } from './use-lasting'

/** A line that breaks for less than this is not worth a word. */
const lostAfterMs = 3_000
const backOnlineMs = 4_000

/** The server cannot be reached, by what main says of quota and transfers. */
const isOffline = ({ quota, transfersById }: Mirror): boolean =>
  quota.failure?.code === 'backend-unreachable' ||
  Object.values(transfersById).some((transfer) => transfer.status.kind === 'waiting-for-network')

/** True for a while after `isLost` went away. */
function useJustBack(isLost: boolean): boolean {
  const [isBack, setIsBack] = useState(false)
  useEffect(() => {
    if (!isLost) return undefined
    return () => setIsBack(true)
  }, [isLost])
  useEffect(() => {
    if (!isBack) return undefined
    const timer = setTimeout(() => setIsBack(false), backOnlineMs)
    return () => clearTimeout(timer)
  }, [isBack])
  return isBack && !isLost
}

/** One line under the header on the state of line, server and sign-in; the most serious one only. */
export function StatusStrip(): React.JSX.Element | null {
  const { t } = useTranslation()
  const isConnected = useMirror((mirror) => mirror.isConnected)
  const backend = useMirror((mirror) => mirror.backend)
  const clockAheadSeconds = backend.kind === 'ready' ? backend.clockAheadSeconds : undefined
  const [, navigate] = useLocation()
  const pause = useQueuePause()
  const format = useFormat()
  const now = useNow('minute')
  const heldFor = useMirror(({ work, transferSummary }) => (transferSummary.unfinishedCount > 0 ? work.heldFor : null))
  const isHostLost = useLasting(!isConnected, lostAfterMs)
  const isLineLost = useLasting(useMirror(isOffline), lostAfterMs)
  const isBack = useJustBack(isHostLost || isLineLost)
  const isInMemory = useMirror((mirror) => mirror.session.kind === 'signed-in' && mirror.session.tokenStore === 'memory')
  const isMemorySeen = useView((view) => view.hasSeenMemoryNotice)
  const { seeMemoryNotice } = useView((view) => view.actions)

  if (isHostLost) return <Strip tone="danger" icon={<Unplug size={18} aria-hidden />} text={t('frame.hostLost')} />
  if (backend.kind === 'restarting') {
    return (
      <Strip tone="warn" icon={<RotateCw size={18} aria-hidden />} text={describeServerWait(backend, { t, format }).title}>
        <RestartingWords status={backend} />
        <Button variant="quiet" onPress={() => void command('backend:retry', undefined)}>
          {t('frame.tryNow')}
        </Button>
      </Strip>
    )
  }
  if (isLineLost) return <Strip tone="warn" icon={<WifiOff size={18} aria-hidden />} text={t('frame.offline')} />
  if (pause !== null) {
    return (
      <Strip tone="info" icon={<CirclePause size={18} aria-hidden />} text={describePause(pause, { t, format, now })}>
        <ResumeNow />
      </Strip>
    )
  }
  if (heldFor !== null) {
    const Icon = heldFor === 'battery' ? BatteryMedium : Gauge
    const text = describePause({ until: null, reason: heldFor }, { t, format, now })
    return (
      <Strip tone="info" icon={<Icon size={18} aria-hidden />} text={text}>
        <Button variant="quiet" onPress={() => navigate('/settings')}>
          {t('settings.title')}
        </Button>
      </Strip>
    )
  }
  if (clockAheadSeconds !== undefined) {
    const time = format.duration(Math.abs(clockAheadSeconds))
    const text = clockAheadSeconds > 0 ? t('frame.clockFast', { time }) : t('frame.clockSlow', { time })
    return <Strip tone="warn" icon={<ClockAlert size={18} aria-hidden />} text={text} />
  }
  if (isBack) return <Strip tone="good" icon={<CircleCheck size={18} aria-hidden />} text={t('frame.backOnline')} />
  if (!isInMemory || isMemorySeen) return null
  return (
    <Strip tone="info" icon={<KeyRound size={18} aria-hidden />} text={t('frame.memoryToken')}>
      <Button variant="quiet" onPress={seeMemoryNotice}>
        {t('frame.dismiss')}
      </Button>
    </Strip>
  )
}
