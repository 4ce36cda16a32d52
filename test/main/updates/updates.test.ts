import { describe, expect, it } from 'vitest'
import type { Updates } from '../../../contract/updates'
import type { Updater } from '../../../main/updates/updater'
import { createUpdates } from '../../../main/updates/updates'
import { memoryLog } from '../../support/memory-log'

/** A feed with one newer version, on a clock that a test moves. */
function setUp(updater: Partial<Updater> | null = {}) {
  let nowMs = Date.parse('2026-11-25T00:00:00Z')
  let timers: { atMs: number; run(): void }[] = []
  const clock = {
    now: () => nowMs,
    after: (delayMs: number, run: () => void) => {
      const timer = { atMs: nowMs + delayMs, run }
      timers.push(timer)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
  }
  const pass = (ms: number): void => {
    nowMs += ms
    const due = timers.filter(({ atMs }) => atMs <= nowMs)
    timers = timers.filter(({ atMs }) => atMs > nowMs)
    for (const { run } of due) run()
  }
  const told: Updates[] = []
  let installedCount = 0
  const feed: Updater = {
    check: () => Promise.resolve({ version: '0.2.0', news: 'Faster.' }),
    download: (onShare) => {
      onShare(0.5)
      return Promise.resolve()
    },
    install: () => void (installedCount += 1),
    ...updater,
  }
  const { log, lines } = memoryLog()
  const updates = createUpdates({
    updater: updater === null ? null : feed,
    clock,
    log,
    onChange: (status) => told.push(status),
  })
  return { updates, told, pass, lines, installed: () => installedCount }
}

describe('updates', () => {
  it('are off where nobody said where to look', async () => {
    const { updates, pass, told } = setUp(null)
    await updates.check()
    pass(24 * 3_600_000)
    expect([updates.status(), told]).toEqual([{ kind: 'off' }, []])
  })

  it('are fetched, told with what is new, and not installed by themselves', async () => {
    const { updates, told, installed, pass } = setUp()
    await updates.check()
    pass(3_600_000)
    expect(told.map(({ kind }) => kind)).toEqual(['checking', 'downloading', 'downloading', 'ready'])
    expect(updates.status()).toEqual({ kind: 'ready', version: '0.2.0', news: 'Faster.', isWanted: false })
    expect(installed()).toBe(0)
  })

  it('never end the app in the middle of a transfer, nor between one file and the next', async () => {
    const { updates, installed, pass } = setUp()
    await updates.check()
    updates.onWork(true)
    updates.install()
    pass(3_600_000)
    expect([installed(), updates.status()]).toMatchObject([0, { isWanted: true }])
    updates.onWork(false)
    pass(2_000)
    updates.onWork(true)
    pass(60_000)
    expect(installed()).toBe(0)
    updates.onWork(false)
    pass(5_000)
    updates.onWork(false)
    pass(60_000)
    expect(installed()).toBe(1)
  })

  it('are looked for by themselves, again and again, and a feed that is down costs nothing', async () => {
    let count = 0
    const { updates, pass, lines } = setUp({
      check: () => {
        count += 1
        return count === 1 ? Promise.reject(new Error('no route')) : Promise.resolve(null)
      },
    })
    pass(60_000)
    await Promise.resolve()
    await Promise.resolve()
    expect(updates.status().kind).toBe('failed')
    expect(lines.join()).toContain('updates.failed')
    pass(6 * 3_600_000)
    await Promise.resolve()
    await Promise.resolve()
    expect([count, updates.status().kind]).toEqual([2, 'current'])
  })
})
