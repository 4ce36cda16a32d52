import { useTranslation } from '../../locales/use-translation'
import { Link } from 'wouter'
import type { AuditEntry } from '../../../contract/audit'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { actionKey } from '../../support/describe-act'

/** One line of the audit log, with all that it holds. */
export function AuditItem({ entry }: { readonly entry: AuditEntry }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { id, at, actor, actorKind, origin, action, username, subject, before, after, reason, ticket, hash } = entry
  const changes = changesOf(before, after)
  return (
    <li className="line">
      <div className="line-time">
        <time dateTime={at} title={at}>
          {format.exact(new Date(at))}
        </time>
        <p className="small" dir="ltr">
          #{id}
        </p>
      </div>
      <div className="line-what">
        <p className="line-title">
          {t(`staff.audit.did.${actionKey(action)}`)}
          {username !== null && (
            <>
              {t('common.separator')}
              <Link href={`/staff/users/${username}`}>
                <bdi>{username}</bdi>
              </Link>
            </>
          )}
        </p>
        {reason !== null && actorKind !== 'system' && <q className="line-reason">{reason}</q>}
        {ticket !== null && <p className="small">{t('staff.audit.ticket', { ticket: isolate(ticket) })}</p>}
        <p className="muted small">
          {actorKind === 'system'
            ? format.amounts([t('staff.audit.byItself'), ...(origin === actor ? [] : [isolate(origin)])])
            : t('staff.audit.by', { name: isolate(actor), origin: isolate(origin) })}
        </p>
        {subject !== null && (
          <p className="muted small audit-hash" dir="ltr">
            {subject}
          </p>
        )}
      </div>
      <div>
        {changes.length > 0 && (
          <ul className="audit-changes" dir="ltr" lang="en">
            {changes.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
        <p className="muted small audit-hash" dir="ltr" title={hash}>
          {hash.slice(0, 12)}
        </p>
      </div>
    </li>
  )
}

/** What differs, in the names of the record itself: they are the same in every file and command. */
function changesOf(before: AuditEntry['before'], after: AuditEntry['after']): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const show = (value: string | number | null | undefined): string => (value === undefined ? '' : String(value ?? 'none'))
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) =>
      before[name] === undefined
        ? `${name} ${show(after[name])}`
        : after[name] === undefined
          ? `${name} ${show(before[name])}`
          : `${name} ${show(before[name])} → ${show(after[name])}`,
    )
}
