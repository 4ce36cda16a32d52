import { describe, expect, it } from 'vitest'
import { idleMemory } from '../../contract/idle-memory'

const mib = 1024 * 1024

describe('a process that waits', () => {
  it('collects once after it was busy, and not again before its heap has grown', () => {
    const own = { cpu: 0, heap: 40 * mib, collected: 0 }
    const look = idleMemory(
      {
        cpuMs: () => own.cpu,
        heapBytes: () => own.heap,
        collect: () => {
          own.collected += 1
          own.heap = 20 * mib
          // A collection takes time of its own, which is no work that somebody asked for.
          own.cpu += 500
        },
      },
      10_000,
    )
    const after = (cpuMs: number, heapMib: number): number => {
      own.cpu += cpuMs
      own.heap = heapMib * mib
      look()
      return own.collected
    }
    expect(after(5_000, 40)).toBe(0)
    expect(after(50, 40)).toBe(1)
    expect(after(50, 21)).toBe(1)
    expect(after(50, 30)).toBe(2)
    expect(after(101, 60)).toBe(2)
    expect(after(0, 60)).toBe(3)
  })
})
