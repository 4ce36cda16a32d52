import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { idleMemory } from '../contract/idle-memory'

const periodMs = 15_000

/** Keeps this process small while nothing is asked of it. The timer keeps nothing running. */
export function giveBackIdleMemory(): Disposable {
  setFlagsFromString('--expose-gc')
  // Safe: V8 puts its own function there, in each context that is made after the flag.
  const gc = runInNewContext('gc') as (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void
  const look = idleMemory(
    {
      cpuMs: () => {
        const { user, system } = process.cpuUsage()
        return (user + system) / 1000
      },
      heapBytes: () => getHeapStatistics().total_heap_size,
      collect: () => gc({ type: 'major', flavor: 'last-resort' }),
    },
    periodMs,
  )
  const timer = setInterval(look, periodMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
