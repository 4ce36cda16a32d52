import type { SessionId } from '../../contract/ids'
import type { Session } from '../../contract/sessions'
import type { SessionNotesStore } from './session-notes'

export type NewDevices = {
  /** Devices that signed in to the account of this session and that nobody has looked at yet, newest last. */
  list(): readonly Session[]
  onChange(listener: () => void): void
  /** @param to the session that was told of it */
  add(device: Session, to: SessionId): void
  dismiss(id: SessionId): void
  /** Forgets those that are not signed in any more. */
  keepOnly(signedIn: readonly Session[]): void
}

/** More than this at once is one thing to look at in the list, not so many notices. */
const mostNotices = 20

/** Notices of new devices outlive the window and the app: who was away must see them too. */
export function createNewDevices(notes: SessionNotesStore): NewDevices {
  const listeners = new Set<() => void>()
  const list = (): readonly Session[] => notes.current().newDevices?.devices ?? []
  const change = (devices: readonly Session[], sessionId: SessionId): void => {
    notes.change({ newDevices: { sessionId, devices: devices.slice(-mostNotices) } })
    for (const listener of listeners) listener()
  }
  const keep = (isKept: (device: Session) => boolean): void => {
    const noted = notes.current().newDevices
    const kept = list().filter(isKept)
    if (noted !== null && kept.length !== noted.devices.length) change(kept, noted.sessionId)
  }
  return {
    list,
    onChange: (listener) => void listeners.add(listener),
    add: (device, to) => {
      const noted = notes.current().newDevices
      const former = noted?.sessionId === to ? noted.devices : []
      if (former.some(({ id }) => id === device.id)) return
      change([...former, { ...device, current: false }], to)
    },
    dismiss: (id) => keep((device) => device.id !== id),
    keepOnly: (signedIn) => keep((device) => signedIn.some(({ id }) => id === device.id)),
  }
}
