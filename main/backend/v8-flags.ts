import { execFile } from 'node:child_process'

/**
 * Node 24 marks the whole heap when short-lived buffers die young; this flag halves the backend's cost of receiving
 * (`performance.md` section 6). It is V8's, without promise: a Node that does not know it would not start, so it is asked.
 */
const forBuffers = '--scavenger-max-new-space-capacity-mb=8'
/** The transfer process computes little: it need not keep fast code for it. Less memory by some MB. */
const forSize = '--optimize-for-size'

export type V8Flags = { readonly backend: readonly string[]; readonly transfers: readonly string[] }

/** The flags that this Node takes, for children that move many buffers. Never rejects. */
export function probeV8Flags(): Promise<V8Flags> {
  return new Promise((resolve) => {
    execFile(process.execPath, [forBuffers, forSize, '-e', '0'], { timeout: 5_000 }, (error) =>
      resolve(error === null ? { backend: [forBuffers], transfers: [forBuffers, forSize] } : noV8Flags),
    )
  })
}

export const noV8Flags: V8Flags = { backend: [], transfers: [] }
