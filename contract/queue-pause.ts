import type { QueuePause } from './settings'

/** True while a pause holds. Here and not beside its schema: the page asks this, and has no use for a schema library. */
export function isPauseOn(pause: QueuePause | null, nowMs: number): pause is QueuePause {
  return pause !== null && (pause.until === null || Date.parse(pause.until) > nowMs)
}
