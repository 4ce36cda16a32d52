import { Pause, Play } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { pauseEnds } from '../../contract/queue-pause'
import { Button } from '../controls/button'
import { MenuButton } from '../controls/menu-button'
import { useFormat } from '../format/use-format'
import { useChangePause } from './use-queue-pause'

const choices = ['halfHour', 'hour', 'tomorrow', 'open'] as const

/** Rests the whole queue for a while; what is added meanwhile rests with it. */
export function PauseAll(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const change = useChangePause()
  const labels = {
    halfHour: t('uploads.pauseFor.time', { time: format.duration(30 * 60) }),
    hour: t('uploads.pauseFor.time', { time: format.duration(60 * 60) }),
    tomorrow: t('uploads.pauseFor.tomorrow'),
    open: t('uploads.pauseFor.open'),
  }
  return (
    <MenuButton
      icon={Pause}
      label={t('uploads.pauseAll')}
      items={choices.map((key) => ({ key, label: labels[key] }))}
      onChoose={(key) => change({ until: pauseEnds(new Date())[key]?.toISOString() ?? null })}
    />
  )
}

/** Ends the pause of the whole queue. */
export function ResumeNow(): React.JSX.Element {
  const { t } = useTranslation()
  const change = useChangePause()
  return (
    <Button variant="quiet" icon={Play} onPress={() => change(null)}>
      {t('uploads.resumeNow')}
    </Button>
  )
}
