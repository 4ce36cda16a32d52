import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuotaAnswer } from '../../contract/quota'
import type { SupportAct } from '../../contract/support'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { useMirror } from '../state/mirror'
import { describeAct, describeActChanges } from './describe-act'

/** The last act that was known before; null where nobody has acted since. */
export function newActsSince(before: QuotaAnswer | null, after: QuotaAnswer | null): number | null {
  if (!before || !after || before.session_id !== after.session_id) return null
  const known = before.last_change ?? 0
  return (after.last_change ?? 0) > known ? known : null
}

/** Tells at once, wherever in the app the person is, what support did to the quota and why. It stays until it was read. */
export function useSupportNotices(): void {
  const { t } = useTranslation()
  const format = useFormat()
  const queries = useQueryClient()
  useEffect(() => {
    const tell = (act: SupportAct): void => {
      const title = describeAct(act, t)
      const said = act.actorKind === 'system' || act.reason === null ? [] : [t('acts.said', { reason: act.reason })]
      const detail = [...said, ...describeActChanges(act, { t, format })].join('\n')
      const tone = act.action === 'quota.grant.end' || act.action === 'quota.decline' ? 'info' : 'good'
      notify({ tone, title, ...(detail === '' ? {} : { detail }) }, { timeoutMs: null })
      sayPolitely(`${title} ${said.join(' ')}`)
    }
    const tellSince = async (known: number): Promise<void> => {
      const reply = await command('quota:support-acts', { cursor: null })
      // It stands on the quota screen in any case.
      if (!reply.ok) return
      const acts = reply.value.acts.filter(({ id, action }) => id > known && action.startsWith('quota.'))
      for (const act of acts.toReversed()) tell(act)
    }
    return useMirror.subscribe((mirror, before) => {
      const { quota } = mirror.quota
      if (quota === before.quota.quota) return
      void queries.invalidateQueries({ queryKey: ['quota'] })
      const known = newActsSince(before.quota.quota, quota)
      if (known !== null) void tellSince(known)
    })
  }, [t, format, queries])
}
