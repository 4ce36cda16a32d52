import type { SessionNotes, SessionNotesStore } from '../../main/sessions/session-notes'

/** Notes of an app that was never closed. */
export function memoryNotes(patch: Partial<SessionNotes> = {}): SessionNotesStore {
  const deviceId = 'a-device-of-a-test-alone'
  let current: SessionNotes = { deviceId, ended: null, lastUser: null, lastEvent: null, newDevices: null, ...patch }
  return {
    current: () => current,
    change: (change) => {
      current = { ...current, ...change }
    },
  }
}
