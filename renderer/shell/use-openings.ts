import { useEffect } from 'react'
import { command, logError, onEvent } from '../desktop'
import { addHandles } from '../uploads/intake'
import { openTarget } from './open-target'

/** Takes what was opened from outside the window: files go through the same check as dropped ones. */
async function takeOpening(): Promise<void> {
  const reply = await command('openings:take', undefined)
  if (!reply.ok) return logError(reply.failure.code, 'openings:take')
  const { handles, target } = reply.value
  if (target !== null) openTarget(target)
  if (handles.length === 0) return
  if (target === null) openTarget({ kind: 'section', section: 'uploads' })
  await addHandles(handles)
}

/** Only for a signed-in person: until then main keeps what was opened. */
export function useOpenings(): void {
  useEffect(() => {
    const take = (): void => void takeOpening().catch((error: unknown) => logError(error, 'openings'))
    take()
    return onEvent('opening:arrived', take)
  }, [])
}
