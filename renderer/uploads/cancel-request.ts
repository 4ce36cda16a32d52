import { create } from 'zustand'
import type { TransferId } from '../../contract/ids'

/** The row whose cancelling waits for a yes. */
export const useCancelRequest = create<{ readonly id: TransferId | null }>(() => ({ id: null }))

export const askToCancel = (id: TransferId): void => useCancelRequest.setState({ id })
export const closeCancelRequest = (): void => useCancelRequest.setState({ id: null })
