import type { SessionNotes, SessionNotesStore } from '../../main/sessions/session-notes'

/** Notes of an app that was never closed. */
export function memoryNotes(patch: Partial<SessionNotes> = {}): SessionNotesStore {
  const deviceId = 'a-device-of-a-test-alone'
  const nothing = { ended: null, lastUser: null, deviceName: null, lastEvent: null, newDevices: null, toldChanges: [] }
  let current: SessionNotes = { deviceId, ...nothing, ...patch }
  return {
    current: () => current,
    change: (change) => {
      current = { ...current, ...change }
    },
  }
}
