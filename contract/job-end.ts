import type { JobState } from './jobs'

/** Whether nothing more will happen by itself or by anybody. Beside the schema: the page takes this without the code that parses. */
export function isEnded(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
