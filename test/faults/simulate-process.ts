import { minimiseSeed, readSchedule, runSchedule, runSeed, seamsOf } from './seed-runner'
import type { Law } from './checks'
import { plantedBugs } from './planted-bugs'

/** What `scripts/simulate.mjs` asks of one of its processes. */
type Order =
  | { readonly kind: 'seeds'; readonly from: number; readonly count: number; readonly bug: string | null }
  | { readonly kind: 'minimise'; readonly seed: number; readonly law: Law; readonly bug: string | null }
  | { readonly kind: 'replay'; readonly path: string; readonly bug: string | null }
  | { readonly kind: 'bugs' }

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'seeds': {
      const results = []
      for (let seed = order.from; seed < order.from + order.count; seed += 1) {
        const result = await runSeed(seed, order.bug)
        results.push(result)
        if (order.bug !== null && result.law !== null) break
      }
      return results
    }
    case 'minimise':
      return await minimiseSeed(order.seed, order.law, order.bug)
    case 'replay': {
      const { violation, traceHash, steps, lastEvents } = await runSchedule(readSchedule(order.path), seamsOf(order.bug))
      return { law: violation?.law ?? null, detail: violation?.detail ?? null, traceHash, steps, lastEvents }
    }
    case 'bugs':
      return Object.keys(plantedBugs)
    default:
      return order satisfies never
  }
}

// The only sender is `scripts/simulate.mjs`, whose messages have this type.
process.on('message', (order: Order) => {
  void obey(order).then(
    (answer) => process.send?.({ ok: true, answer }),
    (error: unknown) => process.send?.({ ok: false, error: error instanceof Error ? error.stack : String(error) }),
  )
})
