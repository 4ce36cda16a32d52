import type { LiveStatus, QuotaStatus } from '../../contract/desktop'
import type { Language } from '../../contract/settings'
import { mostSnapshotTransfers, type SupportSnapshot } from '../../contract/support'
import type { Transfer, TransferSummary } from '../../contract/transfers'

type Parts = {
  readonly app: SupportSnapshot['app'] & { readonly language: Language }
  readonly live: LiveStatus
  readonly quota: QuotaStatus
  readonly transfers: { readonly items: readonly Transfer[]; readonly summary: TransferSummary }
}

/** How this app stands, for support: picked member by member, so that no name, path or address is in it by accident. */
export function takeSnapshot({ app, live, quota, transfers }: Parts): SupportSnapshot {
  const { version, host, system, language } = app
  const shown = quota.quota
  return {
    app: { version, host, system, language },
    live: live.kind,
    quota:
      shown === null
        ? null
        : {
            usage: shown.usage,
            limits: shown.limits,
            stored: shown.stored,
            ...(shown.last_change === undefined ? {} : { last_change: shown.last_change }),
          },
    summary: transfers.summary,
    transfers: transfers.items.slice(-mostSnapshotTransfers).map(toRow),
  }
}

function toRow({ kind, sizeBytes, sentBytes, safeBytes, durationSeconds, addedAt, status }: Transfer) {
  const failure = 'failure' in status ? status.failure.code : null
  return { kind, sizeBytes, sentBytes, safeBytes, durationSeconds, addedAt, state: status.kind, failure }
}
