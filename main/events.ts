import type { EventName, EventPayload } from '../contract/desktop'

export type AnyEvent = {
  readonly [Name in EventName]: { readonly name: Name; readonly payload: EventPayload<Name> }
}[EventName]

/** The one place where the core's truth leaves for the page. */
export type Publish = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void

export function createEvents(): { publish: Publish; subscribe(listener: (event: AnyEvent) => void): () => void } {
  const listeners = new Set<(event: AnyEvent) => void>()
  return {
    publish: (name, payload) => {
      // Safe: a name and its payload come in as a pair, which the union of pairs cannot express here.
      const event = { name, payload } as AnyEvent
      for (const listener of listeners) listener(event)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
