import type { Translate } from '../locales/translate'
import type { BackendStatus } from '../../contract/desktop'
import { describeFailure } from '../failures/describe-failure'
import type { Format } from '../format/format'

/** Why the app waits for its server, and what is known of it. A server elsewhere is not one that this app can start. */
export function describeServerWait(
  { attempt, line }: Pick<Extract<BackendStatus, { kind: 'restarting' }>, 'attempt' | 'line'>,
  { t, format }: { readonly t: Translate; readonly format: Format },
): { readonly title: string; readonly detail: string } {
  const num = format.number(attempt)
  switch (line) {
    case undefined:
      return { title: t('backend.restarting'), detail: t('backend.restartingDetail', { num }) }
    case 'gone':
      return { title: t('backend.gone'), detail: t('backend.goneDetail', { num }) }
    case 'captive-portal':
    case 'wrong-clock': {
      const { happened, next } = describeFailure({ code: line }, { t, format })
      return { title: happened.replace(/\.$/u, ''), detail: next }
    }
    default:
      return line satisfies never
  }
}
