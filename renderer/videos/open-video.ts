import { create } from 'zustand'
import type { Video } from '../../contract/videos'

export type VideoDialog = 'play' | 'details' | 'delete'

/** Which dialogue is open over the library, and on what. The video stays while the dialogue closes. */
export const useOpenVideo = create<{ readonly dialog: VideoDialog | null; readonly video: Video | null }>(() => ({
  dialog: null,
  video: null,
}))

export const openVideo = (dialog: VideoDialog, video: Video): void => useOpenVideo.setState({ dialog, video })
export const closeVideo = (): void => useOpenVideo.setState({ dialog: null })
