import type { Failure, Reply } from '../contract/failures'

/**
 * What the page reads from its socket, by hand: the schemas of the contract would be a tenth of all that the page loads. Until
 * the host has proved itself it may be anybody, and two hex numbers are all that is taken; after that it is our own program, whose
 * answers are passed on as the preload does (`bridge.ts`). Anything of another shape throws.
 */
export type HostMessage =
  | { readonly kind: 'event'; readonly event: string; readonly payload: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: unknown }

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('Not an object')
  return new Map(Object.entries(value))
}

/** The one field of an object that has no other. */
function onlyField(value: unknown, name: string): unknown {
  const fields = fieldsOf(value)
  if (fields.size !== 1 || !fields.has(name)) throw new TypeError(`Expected ${name} alone`)
  return fields.get(name)
}

function readHex256(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new TypeError('Expected 256 bits')
  return value
}

/** `{challenge}`: the host's random number. */
export const readChallenge = (value: unknown): string => readHex256(onlyField(value, 'challenge'))

/** `{welcome: {proof}}`: what only the host can sign. */
export const readProof = (value: unknown): string => readHex256(onlyField(onlyField(value, 'welcome'), 'proof'))

/** An event, or the answer to something that was asked. */
export function readMessage(value: unknown): HostMessage {
  const fields = fieldsOf(value)
  const [event, id] = [fields.get('event'), fields.get('id')]
  if (typeof event === 'string') return { kind: 'event', event, payload: fields.get('payload') }
  if (typeof id === 'number') return { kind: 'reply', id, reply: fields.get('reply') }
  throw new TypeError('Neither an event nor an answer')
}

/** What a command came to. */
export function readReply(value: unknown): Reply<unknown> {
  const fields = fieldsOf(value)
  if (fields.get('ok') === true) return { ok: true, value: fields.get('value') }
  const failure = fields.get('failure')
  if (fields.get('ok') !== false || !fieldsOf(failure).has('code')) throw new TypeError('Expected a reply')
  // Safe: main makes failures of the contract alone, and it has proved itself.
  return { ok: false, failure: failure as Failure }
}
