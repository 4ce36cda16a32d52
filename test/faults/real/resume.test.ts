import { loadavg } from 'node:os'
import { describe, expect, it } from 'vitest'
import { paddedVideo } from '../../support/videos'
import { type Desk, mostAgainBytes, startDesk, uploading } from './desk'
import { percentile, tell, wanted } from './figures'

const mebibyte = 1024 * 1024
const sizeBytes = 48 * mebibyte
const paceBytesPerSecond = 24 * mebibyte
/** Of the figure that is told; a machine with other work on it is slower, and no test fails for that. */
const wantedMs = 2000

/** What ends it, and brings it back. Resolves with the moment from which its sender can go on. */
const interruptions: Readonly<Record<string, (desk: Desk) => Promise<number>>> = {
  'the backend was killed and is back': async ({ app, backend, proxy }) => {
    await backend.kill('SIGKILL')
    app.setBackend(null)
    await backend.startAgain()
    const at = performance.now()
    app.setBackend({ origin: proxy.origin })
    return at
  },
  'the app was killed': ({ app }) => {
    const { promise, resolve } = Promise.withResolvers<number>()
    app.onDeath = () => resolve(performance.now())
    app.kill()
    return promise
  },
  'the line was down, as in sleep': async ({ app, proxy }) => {
    await proxy.goDown()
    const [row] = app.rows()
    if (row !== undefined) await app.until(row.id, ['waiting-for-network', 'retrying'])
    await proxy.comeUp()
    const at = performance.now()
    app.tryNow()
    return at
  },
}

describe('an upload that was interrupted', () => {
  it.each(Object.keys(interruptions))(
    'goes on soon, and sends little again, after %s',
    { timeout: (60 + wanted.resumes * 30) * 1000 },
    async (name) => {
      await using desk = await startDesk()
      const { app, proxy } = desk
      app.pace(paceBytesPerSecond)
      const task = uploading(desk, await paddedVideo({ name: 'interrupted.mp4', sizeBytes }))
      const tookMs: number[] = []
      let mostBytes = 0
      for (let turn = 0; turn < wanted.resumes; turn += 1) {
        const startBytes = proxy.bodyBytes()
        const id = await task.begin()
        await proxy.whenSent(startBytes + sizeBytes * (0.2 + 0.5 * Math.random()))
        const resumed = proxy.nextRequest('PATCH')
        const backAt = await interruptions[name]?.(desk)
        await resumed
        tookMs.push(performance.now() - (backAt ?? 0))
        expect((await app.until(id, ['done', 'failed', 'needs-you'])).status.kind).toBe('done')
        mostBytes = Math.max(mostBytes, await task.finish(id))
      }
      const p95 = percentile(tookMs, 0.95)
      const verdict = p95 <= wantedMs ? 'reached' : 'NOT reached'
      const ms = Math.round(p95)
      tell(
        `resumed after ${name}: p95 ${ms} ms of ${tookMs.length} (wanted ${wantedMs}: ${verdict}; load ${loadavg()[0]?.toFixed(1)}), at most ${(mostBytes / mebibyte).toFixed(1)} MiB sent again`,
        { mostAgainMib: mostBytes / mebibyte },
      )
      expect(mostBytes).toBeLessThanOrEqual(mostAgainBytes)
    },
  )
})
