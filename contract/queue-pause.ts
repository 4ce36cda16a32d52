import type { QueuePause } from './settings'

/** Why the whole queue rests: its person said so, or a setting for the battery or for lines that cost. */
export type RestReason = 'person' | 'battery' | 'metered'
export type QueueRest = QueuePause & { readonly reason?: RestReason | undefined }

/** True while a pause holds. Here and not beside its schema: the page asks this, and has no use for a schema library. */
export function isPauseOn<Pause extends QueuePause>(pause: Pause | null, nowMs: number): pause is Pause {
  return pause !== null && (pause.until === null || Date.parse(pause.until) > nowMs)
}

/** In the morning, so that "until tomorrow" is never a minute away. */
const morningHour = 7

export type PauseLength = 'halfHour' | 'hour' | 'tomorrow' | 'open'

/** When each choice of "Pause all" ends; null is until the person says so. */
export function pauseEnds(now: Date): Readonly<Record<PauseLength, Date | null>> {
  const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, morningHour)
  return { halfHour: minutes(30), hour: minutes(60), tomorrow, open: null }
}
