import type { Failure } from '../../contract/failures'
import { useMirror } from '../state/mirror'

/** What support needs to know of a failure: the code with its numbers, version and time (UTC); no paths, no secrets. */
export function failureDetails(failure: Failure, subject = ''): string {
  const { app } = useMirror.getState()
  const lines = [
    `Reelport ${app.version} (${app.host})`,
    new Date().toISOString(),
    ...(subject === '' ? [] : [subject]),
    JSON.stringify(failure),
  ]
  return lines.join('\n')
}
