import { useTranslation } from '../../locales/use-translation'
import { Link } from 'wouter'
import type { ReadSnapshot, SupportSnapshot } from '../../../contract/support'
import { useFormat } from '../../format/use-format'
import { minutesPart, videosPart } from '../../quota/quota-facts'
import { QuotaMeter } from '../../quota/quota-meter'
import { languageNames } from '../../sessions/language-switch'

/** How somebody's app stood when they made the three words: without a name of a file. */
export function SnapshotCard({ shown }: { readonly shown: ReadSnapshot }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { username, displayName, createdAt, snapshot } = shown
  const { app, live, quota, summary, transfers } = snapshot
  const facts = [
    { name: 'app', value: `Reelport ${app.version} (${app.host})` },
    { name: 'system', value: app.system },
    { name: 'language', value: languageNames[app.language] },
    { name: 'live', value: t(`staff.codes.news.${live}`) },
    { name: 'unfinished', value: format.number(summary.unfinishedCount) },
    { name: 'failed', value: format.number(summary.failedCount) },
    { name: 'remaining', value: format.bytes(summary.remainingBytes) },
  ] as const
  const asAnswer = quota && { ...quota, session_id: `user_${username}`, username }
  return (
    <section className="card statement" aria-labelledby="snapshot-title">
      <h2 id="snapshot-title">
        <Link href={`/staff/users/${username}`}>
          <bdi>{displayName ?? username}</bdi>
        </Link>
      </h2>
      <p className="muted small">{t('staff.codes.taken', { date: format.exact(new Date(createdAt)) })}</p>
      <dl className="device-facts snapshot-facts">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{t(`staff.codes.fact.${name}`)}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {asAnswer && (
        <div className="meters snapshot-meters">
          <QuotaMeter kind="videos" part={videosPart(asAnswer)} />
          <QuotaMeter kind="minutes" part={minutesPart(asAnswer)} />
        </div>
      )}
      <h3>{t('staff.codes.transfers', { count: transfers.length, num: format.number(transfers.length) })}</h3>
      {transfers.length > 0 && (
        <ul className="lines" aria-labelledby="snapshot-title">
          {transfers.toReversed().map((row) => (
            <Row key={`${row.addedAt} ${row.sizeBytes} ${row.state} ${row.sentBytes}`} row={row} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Row({ row }: { readonly row: SupportSnapshot['transfers'][number] }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { kind, state, failure, sizeBytes, sentBytes, safeBytes, durationSeconds, addedAt } = row
  return (
    <li className="line">
      <time className="line-time" dateTime={addedAt} title={addedAt}>
        {format.dateTime(new Date(addedAt))}
      </time>
      <div className="line-what">
        <p className="line-title">{t(`staff.codes.kind.${kind}`)}</p>
        <p className="muted small">
          {t('staff.codes.bytes', {
            sent: format.bytes(sentBytes),
            safe: format.bytes(safeBytes),
            size: format.bytes(sizeBytes),
          })}
          {durationSeconds !== null && `${t('common.separator')}${format.duration(durationSeconds)}`}
        </p>
      </div>
      <p>
        <code className="code" dir="ltr">
          {failure === null ? state : `${state}: ${failure}`}
        </code>
      </p>
    </li>
  )
}
