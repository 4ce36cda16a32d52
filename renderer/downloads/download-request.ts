import { create } from 'zustand'
import type { Video } from '../../contract/videos'

/** What is to be downloaded, once its dialogue is answered: some videos, or all that the library has. */
export type DownloadRequest = { readonly kind: 'videos'; readonly videos: readonly Video[] } | { readonly kind: 'all' }

/** The request stays while the dialogue closes, so that its words do not change before it is gone. */
export const useDownloadRequest = create<{ readonly request: DownloadRequest | null; readonly isOpen: boolean }>(() => ({
  request: null,
  isOpen: false,
}))

export const askToDownload = (request: DownloadRequest): void => useDownloadRequest.setState({ request, isOpen: true })
export const closeDownloadRequest = (): void => useDownloadRequest.setState({ isOpen: false })
