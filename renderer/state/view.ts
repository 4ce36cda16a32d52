import { create } from 'zustand'
import type { BackupId, VideoId } from '../../contract/ids'

/** Windows that every screen can open: by a key, by the list of actions, by a menu of the system. */
export type Overlay = 'shortcuts' | 'palette' | 'guide' | 'support' | 'password' | 'new-token'

/** What the person is doing in this window; never a copy of what main knows. */
export type View = {
  /** The end of a session that was read and acknowledged, by its time. */
  readonly seenSessionEndAt: string | null
  readonly hasSeenMemoryNotice: boolean
  /** What is open over whatever screen there is. */
  readonly overlay: Overlay | null
  /** The video that "Show in library" asked for. */
  readonly wantedVideoId: VideoId | null
  /** The backup that "Restore from it" asked for. */
  readonly wantedBackupId: BackupId | null
  readonly actions: {
    seeSessionEnd(at: string): void
    seeMemoryNotice(): void
    openOverlay(overlay: Overlay): void
    closeOverlay(): void
    wantVideo(id: VideoId | null): void
    wantBackup(id: BackupId | null): void
  }
}

export const useView = create<View>((set) => ({
  seenSessionEndAt: null,
  hasSeenMemoryNotice: false,
  overlay: null,
  wantedVideoId: null,
  wantedBackupId: null,
  actions: {
    seeSessionEnd: (seenSessionEndAt) => set({ seenSessionEndAt }),
    seeMemoryNotice: () => set({ hasSeenMemoryNotice: true }),
    openOverlay: (overlay) => set({ overlay }),
    closeOverlay: () => set({ overlay: null }),
    wantVideo: (wantedVideoId) => set({ wantedVideoId }),
    wantBackup: (wantedBackupId) => set({ wantedBackupId }),
  },
}))
