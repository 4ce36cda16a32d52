import type { Translate } from '../locales/translate'
import type { Notice, WordedNotice } from '../../contract/shell'
import { type Format, isolate } from '../format/format'

/** A notice in the words of this window, with where a click on it leads. */
export function wordNotice(notice: Notice, { t, format }: { readonly t: Translate; readonly format: Format }): WordedNotice {
  const counted = (count: number): { count: number; num: string } => ({ count, num: format.number(count) })
  switch (notice.kind) {
    case 'queue-done': {
      const { doneCount, problemCount } = notice
      return {
        title: t('shell.notices.doneTitle', counted(doneCount)),
        body: problemCount > 0 ? t('shell.notices.doneWithProblems', counted(problemCount)) : t('shell.notices.doneBody'),
        target: { kind: 'section', section: 'uploads' },
      }
    }
    case 'problem':
      return {
        title: t('shell.notices.problemTitle'),
        body: t('shell.notices.problemBody', { name: isolate(notice.name).slice(0, 300) }),
        target: { kind: 'transfer', id: notice.id },
      }
    case 'new-device':
      return {
        title: t('shell.notices.deviceTitle'),
        body: t('shell.notices.deviceBody', { name: isolate(notice.name) }),
        target: { kind: 'section', section: 'devices' },
      }
    case 'session-ended':
      return {
        title: t('shell.notices.endedTitle'),
        body: t('shell.notices.endedBody'),
        target: { kind: 'section', section: 'uploads' },
      }
    default:
      return notice satisfies never
  }
}
