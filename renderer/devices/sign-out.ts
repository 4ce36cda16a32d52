import { create } from 'zustand'
import type { SessionId } from '../../contract/ids'
import type { Session } from '../../contract/sessions'

/** What the dialogue asks about: one device, or all but this one. */
export type SignOutTarget =
  | {
      readonly kind: 'one'
      readonly device: Session
      /** The person said that this sign-in was not theirs. */
      readonly isStranger: boolean
    }
  | { readonly kind: 'others' }

type SignOut = {
  readonly target: SignOutTarget | null
  /** Devices that are being signed out now. */
  readonly endingIds: ReadonlySet<SessionId>
}

export const useSignOut = create<SignOut>(() => ({ target: null, endingIds: new Set() }))

/** Asks before a device is signed out, wherever in the app that began. */
export const askToSignOut = (target: SignOutTarget): void => useSignOut.setState({ target })
export const closeSignOut = (): void => useSignOut.setState({ target: null })

/** Marks a device while it is being signed out; answers the function that ends it. */
export function markEnding(id: SessionId): () => void {
  useSignOut.setState(({ endingIds }) => ({ endingIds: new Set([...endingIds, id]) }))
  return () =>
    useSignOut.setState(({ endingIds }) => ({ endingIds: new Set([...endingIds].filter((ending) => ending !== id)) }))
}
