import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { App } from '../faults/real/app'
import { tell } from '../faults/real/figures'
import { temporaryFolder } from '../support/temporary-folder'
import { BackendProgram } from '../support/transfers-backend'
import { paddedVideo } from '../support/videos'

const gibibyte = 1024 ** 3
const sizeGib = Number(process.env['BENCH_GIB'] ?? 1)
const wantedMs = 50
const idleSchema = z.object({ maxMs: z.number(), p999Ms: z.number() })

/** `npm run bench -- block`: what main does for a transfer, in this process, while the transfer process hashes and sends. */
it('never holds up the thread of the app', { timeout: 300_000 }, async () => {
  using folder = temporaryFolder()
  await using backend = await BackendProgram.start(join(folder.path, 'backend'))
  const path = await paddedVideo({ name: `${sizeGib}-gibibytes.mp4`, sizeBytes: sizeGib * gibibyte, isSparse: true })
  await using app = new App(join(folder.path, 'desktop'), backend, backend.origin)
  await app.pid()
  const idle = fork(join(import.meta.dirname, 'idle-process.mjs'))
  const delays = monitorEventLoopDelay({ resolution: 1 })
  const startedAt = performance.now()
  const id = await app.upload(path)
  delays.enable()
  expect((await app.until(id, ['done', 'failed', 'needs-you'])).status.kind).toBe('done')
  delays.disable()
  idle.send('how long')
  const [idleDelays] = await once(idle, 'message')
  const idleMs = idleSchema.parse(idleDelays)
  idle.kill()
  const seconds = (performance.now() - startedAt) / 1000
  const mostMs = delays.max / 1e6
  const verdict = mostMs < wantedMs ? 'reached' : 'NOT reached'
  tell(
    `${sizeGib} GiB hashed and sent in ${seconds.toFixed(0)} s; longest block of the app's main thread: ${mostMs.toFixed(1)} ms, p99.9 ${(delays.percentile(99.9) / 1e6).toFixed(1)} ms (wanted below ${wantedMs}: ${verdict}); of a process that does nothing beside it: ${idleMs.maxMs.toFixed(1)} ms, p99.9 ${idleMs.p999Ms.toFixed(1)} ms`,
    {},
  )
})
