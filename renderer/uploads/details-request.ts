import { create } from 'zustand'
import type { TransferId } from '../../contract/ids'

type DetailsRequest = {
  readonly id: TransferId | null
  readonly isOpen: boolean
  /** Each opening begins anew: nothing of it was copied yet. */
  readonly openings: number
}

/** The row whose details are shown. It stays while the dialogue closes, so that its words do not change before it is gone. */
export const useDetailsRequest = create<DetailsRequest>(() => ({ id: null, isOpen: false, openings: 0 }))

export const showDetails = (id: TransferId): void =>
  useDetailsRequest.setState(({ openings }) => ({ id, isOpen: true, openings: openings + 1 }))
export const closeDetails = (): void => useDetailsRequest.setState({ isOpen: false })
