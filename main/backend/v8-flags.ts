import { execFile } from 'node:child_process'

/**
 * Node 24 marks the whole heap when short-lived buffers die young; this flag halves the backend's cost of receiving
 * (`performance.md` section 6). It is V8's, without promise: a Node that does not know it would not start, so it is asked.
 */
const wanted = '--scavenger-max-new-space-capacity-mb=8'

/** The flags that this Node takes, for a child that moves many buffers. Never rejects. */
export function probeV8Flags(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    execFile(process.execPath, [wanted, '-e', '0'], { timeout: 5_000 }, (error) => resolve(error === null ? [wanted] : []))
  })
}
