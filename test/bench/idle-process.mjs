import { monitorEventLoopDelay } from 'node:perf_hooks'

// What a process that does nothing meets on this machine meanwhile: no block of ours is in it.
const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
process.on('message', () => process.send?.({ maxMs: delays.max / 1e6, p999Ms: delays.percentile(99.9) / 1e6 }))
