import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { Backup } from '../../contract/backups'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'

/** Whether it could be brought back, in words and with a sign of its own: colour is never alone. */
export function BackupCheckWords({ backup: { check, state } }: { readonly backup: Backup }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  if (state === 'failed') {
    return (
      <p className="backup-check" data-tone="bad">
        <CircleAlert size={16} aria-hidden /> {t('backups.notMade')}
      </p>
    )
  }
  switch (check.kind) {
    case 'not-checked':
      return (
        <p className="backup-check muted">
          <CircleDashed size={16} aria-hidden /> {t('backups.check.notChecked')}
        </p>
      )
    case 'sound':
      return (
        <p className="backup-check" data-tone="good">
          <CircleCheck size={16} aria-hidden />
          {t('backups.check.sound', { when: format.date(new Date(check.checkedAt)) })}
        </p>
      )
    case 'damaged': {
      const { length: count } = check.items
      return (
        <>
          <p className="backup-check" data-tone="bad">
            <CircleAlert size={16} aria-hidden />
            {t('backups.check.damaged', { count, num: format.number(count) })}
          </p>
          <p className="muted small">
            {t('backups.check.items', { items: format.list(check.items.slice(0, 5).map((item) => isolate(item))) })}
          </p>
        </>
      )
    }
    default:
      return check satisfies never
  }
}
