import type { TransferStatus } from './transfers'

/** True while bytes of a transfer move: what a computer should stay awake for. */
export function isByteMoving(kind: TransferStatus['kind']): boolean {
  return kind === 'uploading' || kind === 'downloading' || kind === 'verifying'
}
