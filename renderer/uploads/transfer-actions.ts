import type { Capabilities } from '../../contract/desktop'
import type { Failure, FailureCode } from '../../contract/failures'
import type { TransferId } from '../../contract/ids'
import type { Transfer } from '../../contract/transfers'
import { command } from '../desktop'
import { sentShare } from './describe-transfer'

export type TransferAction =
  | 'pause'
  | 'resume'
  | 'tryNow'
  | 'tryAgain'
  | 'findFile'
  | 'uploadNext'
  | 'startOver'
  | 'uploadAgain'
  | 'seeQuota'
  | 'showInLibrary'
  | 'restoreFrom'
  | 'reveal'
  | 'details'
  | 'cancel'
  | 'remove'

/** The same file cannot be read differently by trying once more. */
const hopelessCodes: ReadonlySet<FailureCode> = new Set(['not-a-video', 'file-empty', 'not-a-regular-file', 'video-gone'])
/** The file as it is now has to be sent from its first byte. */
const startOverCodes: ReadonlySet<FailureCode> = new Set(['file-changed', 'checksum-mismatch', 'upload-gone'])
const quotaCodes: ReadonlySet<FailureCode> = new Set([
  'quota-videos-reached',
  'quota-duration-reached',
  'held-files-reached',
])

function remedies(failure: Failure): TransferAction[] {
  if (hopelessCodes.has(failure.code)) return []
  if (failure.code === 'file-missing') return ['findFile', 'tryAgain']
  if (startOverCodes.has(failure.code)) return ['startOver']
  return quotaCodes.has(failure.code) ? ['tryAgain', 'seeQuota'] : ['tryAgain']
}

/** What can be done with a row as it stands, the most useful first; what the host cannot do is left out. */
export function actionsFor({ kind, content, status }: Transfer, capabilities: Capabilities): readonly TransferAction[] {
  const reveal: TransferAction[] = capabilities.revealInFolder ? ['reveal'] : []
  switch (status.kind) {
    case 'checking':
      return ['details', 'cancel']
    case 'waiting':
      return status.before > 0 ? ['uploadNext', 'pause', 'details', 'cancel'] : ['pause', 'details', 'cancel']
    case 'held':
    case 'uploading':
    case 'downloading':
      return ['pause', 'details', 'cancel']
    case 'waiting-for-network':
      return ['tryNow', 'pause', 'details', 'cancel']
    case 'paused':
      return ['resume', 'details', 'cancel']
    case 'waiting-for-sign-in':
      return ['details', 'cancel']
    case 'retrying':
      return ['tryNow', 'pause', 'details', 'cancel']
    case 'verifying':
      return ['details']
    case 'needs-you':
      return [...remedies(status.failure), 'details', 'cancel']
    case 'failed':
      return [...remedies(status.failure), 'details', 'remove']
    case 'done':
      // A backup is in no library; one that was sent is there to be restored from.
      if (content === 'archive')
        return [...(kind === 'upload' ? (['restoreFrom'] as const) : []), ...reveal, 'details', 'remove']
      return ['showInLibrary', ...reveal, 'details', 'remove']
    case 'duplicate':
      return ['showInLibrary', 'details', 'remove']
    case 'cancelled':
      // A host without a dialogue of its own sends copies, and a cancelled one is gone.
      return kind === 'download' || capabilities.pickFiles ? ['uploadAgain', 'details', 'remove'] : ['details', 'remove']
    default:
      return status satisfies never
  }
}

/** Cancelling throws away what was sent, so beyond a twentieth of the file it asks first. */
export const needsCancelConfirmation = (transfer: Transfer): boolean => sentShare(transfer) > 0.05

/** Rows that one click on "Retry all failed" tries again. */
export const canTryAgain = ({ status }: Transfer): boolean =>
  (status.kind === 'failed' || status.kind === 'needs-you') && remedies(status.failure).includes('tryAgain')

export const canPause = ({ status }: Transfer): boolean =>
  status.kind === 'checking' ||
  status.kind === 'waiting' ||
  status.kind === 'uploading' ||
  status.kind === 'downloading' ||
  status.kind === 'waiting-for-network' ||
  status.kind === 'retrying'

const commandOf = {
  pause: 'transfers:pause',
  resume: 'transfers:resume',
  tryNow: 'transfers:retry',
  tryAgain: 'transfers:retry',
  startOver: 'transfers:start-over',
  uploadAgain: 'transfers:start-over',
  cancel: 'transfers:cancel',
  remove: 'transfers:remove',
} as const

export type RowCommand = keyof typeof commandOf

/** Most ids one call carries: in the browser host a message has its longest length. */
const idsPerCall = 5_000

/** Sends one intention for many rows; answers the first failure, or null. */
export async function runOnRows(action: RowCommand, ids: readonly TransferId[]): Promise<Failure | null> {
  for (let start = 0; start < ids.length; start += idsPerCall) {
    const reply = await command(commandOf[action], ids.slice(start, start + idsPerCall))
    if (!reply.ok) return reply.failure
  }
  return null
}
