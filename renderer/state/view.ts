import { create } from 'zustand'

/** What the person is doing in this window; never a copy of what main knows. */
export type View = {
  /** The end of a session that was read and acknowledged, by its time. */
  readonly seenSessionEndAt: string | null
  readonly actions: {
    seeSessionEnd(at: string): void
  }
}

export const useView = create<View>((set) => ({
  seenSessionEndAt: null,
  actions: {
    seeSessionEnd: (seenSessionEndAt) => set({ seenSessionEndAt }),
  },
}))
