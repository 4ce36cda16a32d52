import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import { type AuditAction, auditActions } from '../../../contract/audit-actions'
import { Button } from '../../controls/button'
import { MenuButton } from '../../controls/menu-button'
import { Select } from '../../controls/select'
import { TextField } from '../../controls/text-field'
import { notify } from '../../controls/toasts'
import { usePaused } from '../../controls/use-paused'
import { command } from '../../desktop'
import { FailedPart } from '../../failures/failed-part'
import { useReport } from '../../failures/use-report'
import { useFormat } from '../../format/use-format'
import { PageHeader } from '../../frame/page-header'
import { saveInBrowser } from '../../help/save-in-browser'
import { actionKey } from '../../support/describe-act'
import { AuditItem } from './audit-item'
import { type AuditFilter, useAudit } from './use-audit'

const any = 'any'
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** Who did what, when, from where and why. Nothing here can be changed. */
export function AuditScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const [user, setUser] = useState('')
  const [actor, setActor] = useState('')
  const [action, setAction] = useState<AuditAction | typeof any>(any)
  const filter: AuditFilter = {
    user: orNull(usePaused(user)),
    actor: orNull(usePaused(actor)),
    action: action === any ? null : action,
  }
  const result = useAudit(filter)
  const { data, error, hasNextPage, isFetchingNextPage } = result
  const entries = data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <>
      <PageHeader title={t('staff.audit.title')}>
        <ExportButton filter={filter} />
      </PageHeader>
      <div className="fields-in-row">
        <TextField label={t('staff.audit.user')} name="audit-user" autoComplete="off" value={user} onChange={setUser} />
        <TextField label={t('staff.audit.actor')} name="audit-actor" autoComplete="off" value={actor} onChange={setActor} />
        <Select<AuditAction | typeof any>
          label={t('staff.audit.action')}
          value={action}
          onChange={setAction}
          options={[
            { value: any, label: t('staff.audit.anyAction') },
            ...auditActions.map((value) => ({ value, label: t(`staff.audit.did.${actionKey(value)}`) })),
          ]}
        />
      </div>
      {error && !data && <FailedPart title={t('staff.audit.failed')} error={error} onRetry={() => void result.refetch()} />}
      {data && (
        <section className="card statement" aria-labelledby="page-title">
          <p className="muted small">{t('staff.audit.chained')}</p>
          {entries.length === 0 && <p className="muted">{t('staff.audit.none')}</p>}
          {entries.length > 0 && (
            <ol className="lines" aria-labelledby="page-title">
              {entries.map((entry) => (
                <AuditItem key={entry.id} entry={entry} />
              ))}
            </ol>
          )}
          {hasNextPage && (
            <Button isPending={isFetchingNextPage} onPress={() => void result.fetchNextPage()}>
              {isFetchingNextPage ? t('common.loading') : t('quota.showOlder')}
            </Button>
          )}
        </section>
      )}
    </>
  )
}

/** All that the filter finds, as a file. */
function ExportButton({ filter }: { readonly filter: AuditFilter }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const save = async (kind: 'csv' | 'json'): Promise<void> => {
    const reply = await command('staff:export-audit', { ...filter, format: kind })
    if (!reply.ok) return report(reply.failure)
    const { text, name, count, isWhole } = reply.value
    if (text !== null) saveInBrowser({ text, name, type: kind === 'csv' ? 'text/csv' : 'application/json' })
    const counted = { count, num: format.number(count) }
    notify({ tone: 'good', title: isWhole ? t('staff.audit.exported', counted) : t('staff.audit.exportedPart', counted) })
  }
  return (
    <MenuButton
      icon={Download}
      label={t('staff.audit.export')}
      items={[
        { key: 'csv', label: t('staff.audit.csv') },
        { key: 'json', label: t('staff.audit.json') },
      ]}
      onChoose={(kind) => void save(kind)}
    />
  )
}
