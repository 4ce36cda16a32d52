/**
 * What crosses the one WebSocket between a page and the browser host (`security.md` 2.3). Both prove that they know the page's
 * key before anything else is said, and neither says it:
 *
 * host → `{challenge}`, page → `{hello: {key, nonce, proof}}`, host → `{welcome: {proof}}`, then commands and events.
 */
export const pageProtocol = 'reelport.v2'

/** The first message of a page has to come, and to be right, within this. */
export const helloWithinMs = 2_000
/** A frame of the page; what is longer comes in parts. */
export const longestFrameBytes = 64 * 1024
/** Characters of one part: three bytes each at most, so that a part with its envelope fits a frame. */
export const partLength = 16 * 1024
/** A message of the page in all its parts. */
export const longestMessageLength = 1024 * 1024

/** How the host closes a socket whose key it does not know (any more): asking again is of no use. */
export const unknownKeyCode = 4401

/** The two random numbers of one handshake, and where it happens: a proof is good for nothing else. */
export type Handshake = { readonly origin: string; readonly hostNonce: string; readonly pageNonce: string }

/** What is signed with a page's key (HMAC-SHA-256), for each purpose another text. */
export const signedTexts = {
  /** The name under which the host finds the key; it gives nothing away of it. */
  keyName: 'reelport key name',
  pageProof: (at: Handshake): string => `reelport page ${at.origin} ${at.hostNonce} ${at.pageNonce}`,
  hostProof: (at: Handshake): string => `reelport host ${at.origin} ${at.hostNonce} ${at.pageNonce}`,
  /** The key that the page goes on with after its one-time secret: both sides derive it, it is never sent. */
  nextKey: (at: Handshake): string => `reelport next key ${at.origin} ${at.hostNonce} ${at.pageNonce}`,
} as const
