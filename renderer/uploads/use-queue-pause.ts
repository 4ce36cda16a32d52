import { isPauseOn } from '../../contract/queue-pause'
import type { QueuePause } from '../../contract/settings'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { useNow } from '../format/use-format'
import { useMirror } from '../state/mirror'

/** The pause of the whole queue, while it holds. */
export function useQueuePause(): QueuePause | null {
  const pause = useMirror((mirror) => mirror.settings.pause)
  const now = useNow(pause === null ? 'minute' : 'second')
  return isPauseOn(pause, now.getTime()) ? pause : null
}

/** Begins a pause of the whole queue, or ends it with null. */
export function useChangePause(): (pause: QueuePause | null) => void {
  const report = useReport()
  const change = async (pause: QueuePause | null): Promise<void> => {
    const reply = await command('settings:change', { pause })
    if (!reply.ok) report(reply.failure)
  }
  return (pause) => void change(pause)
}
