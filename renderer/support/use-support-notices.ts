import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useLocation } from 'wouter'
import type { QuotaStatus } from '../../contract/desktop'
import type { SupportAct } from '../../contract/support'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { type Mirror, useMirror } from '../state/mirror'
import { describeAct, describeActChanges } from './describe-act'

/** What is told one by one; what was done before that in a long absence is counted. */
const mostNotices = 3

/** The newest receipt that is still to be told; null where there is none. `told`: what this window has told meanwhile. */
export function untoldChange({ quota, toldChange }: Pick<QuotaStatus, 'quota' | 'toldChange'>, told: number): number | null {
  const newest = quota?.last_change ?? 0
  return toldChange !== null && newest > Math.max(toldChange, told) ? newest : null
}

/** What is told while nobody can see the window was not told. */
async function untilSeen(): Promise<void> {
  if (document.visibilityState === 'visible') return
  await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }))
  return untilSeen()
}

/**
 * Tells what support did to the quota and why, wherever in the app the person is: at once, or, where it was done while the app
 * was closed, at its next start; once (main remembers what was told). It stays until it was read.
 */
export function useSupportNotices(): void {
  const { t } = useTranslation()
  const format = useFormat()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const told = useRef(0)
  useEffect(() => {
    const tell = (act: SupportAct): void => {
      const title = describeAct(act, t)
      const said = act.actorKind === 'system' || act.reason === null ? [] : [t('acts.said', { reason: act.reason })]
      const detail = [...said, ...describeActChanges(act, { t, format })].join('\n')
      const tone = act.action === 'quota.grant.end' || act.action === 'quota.decline' ? 'info' : 'good'
      notify({ tone, title, ...(detail === '' ? {} : { detail }) }, { timeoutMs: null })
      sayPolitely(`${title} ${said.join(' ')}`)
    }
    const tellOfMore = (count: number): void => {
      const title = t('acts.more', { count, num: format.number(count) })
      notify({ tone: 'info', title, action: { label: t('acts.see'), run: () => navigate('/quota') } }, { timeoutMs: null })
    }
    const tellSince = async (known: number, upTo: number): Promise<void> => {
      told.current = upTo
      const reply = await command('quota:support-acts', { cursor: null })
      if (!reply.ok) {
        // It stands on the quota screen in any case, and is told with the next numbers.
        told.current = known
        return
      }
      const acts = reply.value.acts.filter(({ id, action }) => id > known && action.startsWith('quota.'))
      if (acts.length > mostNotices) tellOfMore(acts.length - mostNotices)
      for (const act of acts.slice(0, mostNotices).toReversed()) tell(act)
      await untilSeen()
      await command('quota:told', { change: upTo })
    }
    const look = ({ quota }: Mirror): void => {
      const upTo = untoldChange(quota, told.current)
      if (upTo !== null) void tellSince(Math.max(quota.toldChange ?? 0, told.current), upTo)
    }
    look(useMirror.getState())
    return useMirror.subscribe((mirror, before) => {
      if (mirror.quota === before.quota) return
      if (mirror.quota.quota !== before.quota.quota) void queries.invalidateQueries({ queryKey: ['quota'] })
      look(mirror)
    })
  }, [t, format, queries, navigate])
}
