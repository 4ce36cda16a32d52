import { useEffect } from 'react'
import { isByteMoving } from '../../contract/moving'
import { useMirror } from '../state/mirror'

/** A browser can do it only for a page that is looked at, and only where it was not switched off. */
export const canHoldWakeLock = (): boolean => 'wakeLock' in navigator

/**
 * Keeps the computer awake while bytes move, where the host cannot: by the browser's own lock, which it takes back whenever the
 * page is hidden, and which is asked for again when it is seen.
 */
export function useWakeLock(): void {
  const isWanted = useMirror(
    ({ app, settings, transfersById }) =>
      !app.capabilities.keepAwake &&
      settings.keepsAwake &&
      Object.values(transfersById).some(({ status }) => isByteMoving(status.kind)),
  )
  useEffect(() => {
    if (!isWanted || !canHoldWakeLock()) return undefined
    let isOver = false
    let held: WakeLockSentinel | null = null
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        const lock = await navigator.wakeLock.request('screen')
        if (isOver) await lock.release()
        else held = lock
      } catch (error) {
        // A battery that is low, or a person's choice: sending goes on without it.
        if (!(error instanceof DOMException)) throw error
      }
    }
    const again = (): void => void hold()
    document.addEventListener('visibilitychange', again)
    void hold()
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', again)
      void held?.release()
    }
  }, [isWanted])
}
