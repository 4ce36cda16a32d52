import { useMirror } from '../state/mirror'

/** What this device is called, or, before a sign-in, what it is suggested to be called; empty while nothing is known. */
export function useDeviceName(): string {
  return useMirror(({ session }) => {
    if (session.kind === 'signed-in') return session.session.device.name
    return session.kind === 'signed-out' ? session.deviceName : ''
  })
}
