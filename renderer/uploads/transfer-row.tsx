import {
  CircleAlert,
  CircleCheck,
  CirclePause,
  CircleSlash,
  Clock,
  CopyCheck,
  Download,
  Hourglass,
  KeyRound,
  type LucideIcon,
  Pause,
  RefreshCw,
  ShieldCheck,
  Upload,
  WifiOff,
} from 'lucide-react'
import type { Translate } from '../locales/translate'
import { useTranslation } from '../locales/use-translation'
import { GridListItem, ProgressBar } from 'react-aria-components'
import type { TransferId } from '../../contract/ids'
import type { Transfer, TransferStatus } from '../../contract/transfers'
import { Button, IconButton } from '../controls/button'
import { isolate } from '../format/format'
import { useFormat, useNow } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { describeProgress, describeState, describeTransfer, sentShare } from './describe-transfer'
import { isStuck } from './describe-waiting'
import { FileName } from './file-name'
import { actionsFor, type TransferAction } from './transfer-actions'
import { iconOfAction } from './transfer-icons'
import { useRowActions } from './use-row-actions'

const iconOfKind: { readonly [Kind in TransferStatus['kind']]: LucideIcon } = {
  checking: Hourglass,
  waiting: Clock,
  uploading: Upload,
  downloading: Download,
  paused: Pause,
  held: CirclePause,
  'waiting-for-network': WifiOff,
  'waiting-for-sign-in': KeyRound,
  retrying: RefreshCw,
  verifying: ShieldCheck,
  done: CircleCheck,
  duplicate: CopyCheck,
  'needs-you': CircleAlert,
  failed: CircleAlert,
  cancelled: CircleSlash,
}

/** A remedy is written out: somebody in trouble should not have to guess at signs. */
const writtenOut: ReadonlySet<TransferAction> = new Set([
  'findFile',
  'tryAgain',
  'startOver',
  'uploadAgain',
  'seeQuota',
  'restoreFrom',
])

const showsBar: ReadonlySet<TransferStatus['kind']> = new Set([
  'uploading',
  'downloading',
  'paused',
  'held',
  'waiting-for-network',
  'waiting-for-sign-in',
  'retrying',
  'verifying',
])

/** One transfer. The outer part redraws when name or state change, the inner one with every tick. */
export function TransferRow({ id }: { readonly id: TransferId }): React.JSX.Element {
  const { t } = useTranslation()
  const name = useMirror((mirror) => mirror.transfersById[id]?.name ?? '')
  const kind = useMirror((mirror) => mirror.transfersById[id]?.status.kind ?? 'checking')
  const word = useMirror((mirror) => {
    const transfer = mirror.transfersById[id]
    return transfer === undefined ? '' : describeState(transfer, { t })
  })
  return (
    <GridListItem id={id} textValue={`${name}, ${word}`} className="transfer" data-kind={kind}>
      <RowBody id={id} />
    </GridListItem>
  )
}

function RowBody({ id }: { readonly id: TransferId }): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const transfer = useMirror((mirror) => mirror.transfersById[id])
  const fault = useMirror(({ backend }) => (backend.kind === 'restarting' ? (backend.line ?? null) : null))
  const now = useNow(transfer?.status.kind === 'retrying' ? 'second' : 'minute')
  if (!transfer) return null
  const { kind } = transfer.status
  const Icon = iconOfKind[kind]
  const { line, safe } = describeTransfer(transfer, { t, format, now, line: fault })
  return (
    <>
      <span className="transfer-icon">
        <Icon size={18} aria-hidden />
      </span>
      <div className="transfer-body">
        <p className="transfer-name">
          <FileName name={transfer.name} />
          <span className="transfer-size">
            {transfer.content === 'archive' && `${t('backups.transfer.archive')}${t('common.separator')}`}
            {format.bytes(transfer.sizeBytes)}
          </span>
        </p>
        {showsBar.has(kind) && <Bar transfer={transfer} />}
        <p className="transfer-line">{line}</p>
        {safe !== null && <p className="transfer-safe">{safe}</p>}
      </div>
      <Actions transfer={transfer} />
    </>
  )
}

/** What was sent; not live, so that a reader is not flooded. */
function Bar({ transfer }: { readonly transfer: Transfer }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const percent = sentShare(transfer) * 100
  return (
    <ProgressBar
      className="bar"
      aria-label={t('uploads.progressOf', { name: isolate(transfer.name) })}
      value={percent}
      valueLabel={describeProgress(transfer, { t, format })}
    >
      <div className="bar-fill" style={{ inlineSize: `${percent}%` }} />
    </ProgressBar>
  )
}

function Actions({ transfer }: { readonly transfer: Transfer }): React.JSX.Element {
  const { t } = useTranslation()
  const capabilities = useMirror((mirror) => mirror.app.capabilities)
  const run = useRowActions()
  return (
    <div className="transfer-actions">
      {actionsFor(transfer, capabilities).map((action) => {
        const word = wordOf(action, transfer.kind, t)
        const label = t('uploads.actionOn', { action: word, name: isolate(transfer.name) })
        return writtenOut.has(action) || (action === 'tryNow' && isStuck(transfer.status)) ? (
          <Button key={action} icon={iconOfAction[action]} aria-label={label} onPress={() => run(action, transfer.id)}>
            {word}
          </Button>
        ) : (
          <IconButton
            key={action}
            icon={iconOfAction[action]}
            label={label}
            hint={word}
            onPress={() => run(action, transfer.id)}
          />
        )
      })}
    </div>
  )
}

function wordOf(action: TransferAction, kind: Transfer['kind'], t: Translate): string {
  if (kind === 'upload') return t(`uploads.action.${action}`)
  switch (action) {
    case 'cancel':
    case 'uploadNext':
    case 'uploadAgain':
      return t(`downloads.action.${action}`)
    default:
      return t(`uploads.action.${action}`)
  }
}
