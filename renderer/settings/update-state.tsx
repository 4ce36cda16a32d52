import { Download, RefreshCw } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'

/** What there is to say about newer versions, and what can be done about it; nothing where the app has no address to look at. */
export function UpdateState(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const updates = useMirror((mirror) => mirror.updates)
  const isMoving = useMirror((mirror) => mirror.work.kind === 'working')
  if (updates.kind === 'off') return null
  const run = (name: 'updates:check' | 'updates:install') => (): void =>
    void command(name, undefined).then((reply) => report(reply.ok ? null : reply.failure))
  const check = (
    <Button icon={RefreshCw} isPending={updates.kind === 'checking'} onPress={run('updates:check')}>
      {t(updates.kind === 'checking' ? 'updates.checking' : 'updates.check')}
    </Button>
  )
  switch (updates.kind) {
    case 'checking':
    case 'current':
      return (
        <div className="card-head">
          <p className="muted">
            {updates.kind === 'current' && updates.checkedAt !== null
              ? t('updates.current', { when: format.dateTime(new Date(updates.checkedAt)) })
              : t('updates.never')}
          </p>
          {check}
        </div>
      )
    case 'failed':
      return (
        <div className="card-head">
          <p className="muted">{t('updates.failed', { when: format.dateTime(new Date(updates.checkedAt)) })}</p>
          {check}
        </div>
      )
    case 'downloading':
      return (
        <p className="muted">
          {t('updates.downloading', { version: isolate(updates.version), percent: format.percent(updates.share) })}
        </p>
      )
    case 'ready':
      return (
        <div className="update">
          <div className="card-head">
            <div>
              <p className="field-label">{t('updates.ready', { version: isolate(updates.version) })}</p>
              <p className="field-help">
                {t(updates.isWanted ? 'updates.waiting' : isMoving ? 'updates.readyMoving' : 'updates.readyHelp')}
              </p>
            </div>
            {!updates.isWanted && (
              <Button variant="primary" icon={Download} onPress={run('updates:install')}>
                {t(isMoving ? 'updates.installLater' : 'updates.install')}
              </Button>
            )}
          </div>
          {updates.news !== '' && (
            <p className="update-news" dir="auto">
              {updates.news}
            </p>
          )}
        </div>
      )
    default:
      return updates satisfies never
  }
}
