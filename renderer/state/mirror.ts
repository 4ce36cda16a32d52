import { create } from 'zustand'
import type { FollowedRestore } from '../../contract/backup-commands'
import type { AppInfo, BackendStatus, LiveStatus, QuotaStatus, SessionStatus } from '../../contract/desktop'
import type { TransferId } from '../../contract/ids'
import { noCapabilities } from '../../contract/no-capabilities'
import type { Session } from '../../contract/sessions'
import type { Settings } from '../../contract/settings'
import type { Work } from '../../contract/shell'
import type { Updates } from '../../contract/updates'
import type { Transfer, TransferSummary } from '../../contract/transfers'

/**
 * What main says is true. Written only by `sync-with-desktop.ts`; components read it through selectors, a row through
 * `transfersById[id]` alone, so that a tick redraws only the rows that changed.
 */
export type Mirror = {
  readonly isConnected: boolean
  /** The host does not know this window: it shows how to open another. */
  readonly isRefused: boolean
  readonly app: AppInfo
  readonly backend: BackendStatus
  readonly session: SessionStatus
  readonly live: LiveStatus
  readonly newDevices: readonly Session[]
  readonly quota: QuotaStatus
  readonly transfersById: Readonly<Record<TransferId, Transfer>>
  readonly transferOrder: readonly TransferId[]
  readonly transferSummary: TransferSummary
  readonly settings: Settings
  readonly work: Work
  readonly updates: Updates
  readonly restores: readonly FollowedRestore[]
}

const nothingYet: Mirror = {
  isConnected: true,
  isRefused: false,
  app: {
    version: '',
    host: 'browser',
    osLocale: 'en',
    capabilities: noCapabilities,
    downloadFolder: null,
  },
  backend: { kind: 'starting' },
  session: { kind: 'restoring' },
  live: { kind: 'off' },
  newDevices: [],
  quota: { quota: null, asOf: null, failure: null, toldChange: null },
  transfersById: {},
  transferOrder: [],
  transferSummary: { unfinishedCount: 0, failedCount: 0, remainingBytes: 0, bytesPerSecond: null, secondsLeft: null },
  settings: {
    language: null,
    digits: 'region',
    calendar: 'buddhist',
    theme: 'system',
    textSizePercent: 100,
    simultaneousUploads: 1,
    uploadLimitBytesPerSecond: null,
    libraryView: 'grid',
    pause: null,
    keepsAwake: true,
    pausesOnBattery: false,
    pausesOnMetered: false,
    notices: 'all',
    startsAtLogin: false,
    staysWhenClosed: true,
  },
  work: { kind: 'idle', share: null, problemCount: 0, heldFor: null },
  updates: { kind: 'off' },
  restores: [],
}

export const useMirror = create<Mirror>(() => nothingYet)
