import { create } from 'zustand'
import type { VideoId } from '../../contract/ids'

/** What the person is doing in this window; never a copy of what main knows. */
export type View = {
  /** The end of a session that was read and acknowledged, by its time. */
  readonly seenSessionEndAt: string | null
  readonly hasSeenMemoryNotice: boolean
  readonly isShortcutsOpen: boolean
  /** The video that "Show in library" asked for. */
  readonly wantedVideoId: VideoId | null
  readonly actions: {
    seeSessionEnd(at: string): void
    seeMemoryNotice(): void
    openShortcuts(): void
    closeShortcuts(): void
    wantVideo(id: VideoId | null): void
  }
}

export const useView = create<View>((set) => ({
  seenSessionEndAt: null,
  hasSeenMemoryNotice: false,
  isShortcutsOpen: false,
  wantedVideoId: null,
  actions: {
    seeSessionEnd: (seenSessionEndAt) => set({ seenSessionEndAt }),
    seeMemoryNotice: () => set({ hasSeenMemoryNotice: true }),
    openShortcuts: () => set({ isShortcutsOpen: true }),
    closeShortcuts: () => set({ isShortcutsOpen: false }),
    wantVideo: (wantedVideoId) => set({ wantedVideoId }),
  },
}))
