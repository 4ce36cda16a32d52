import type { UserId } from '../../contract/ids'
import type { SessionNotesStore } from '../sessions/session-notes'

export type ToldChanges = {
  /** The last receipt of support that this person was told of in this app; null for whoever was never here. */
  of(userId: UserId): number | null
  note(userId: UserId, change: number): void
}

/** More people than this do not share an app; whoever was here longest ago begins anew. */
const mostPeople = 20

/** What support does while an app is closed is told at its next start, and once: so what was told outlives the app. */
export function createToldChanges(notes: SessionNotesStore): ToldChanges {
  const all = () => notes.current().toldChanges
  return {
    of: (userId) => all().find((told) => told.userId === userId)?.change ?? null,
    note: (userId, change) => {
      const others = all().filter((told) => told.userId !== userId)
      notes.change({ toldChanges: [...others, { userId, change }].slice(-mostPeople) })
    },
  }
}
