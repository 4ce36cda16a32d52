import type { Counter, Histogram, Registry } from 'prom-client'

export type Metrics = {
  readonly countRequest: (request: CountedRequest) => void
  readonly addReceivedBytes: (sizeBytes: number) => void
  readonly countUpload: (outcome: 'accepted' | 'held' | 'rejected' | 'expired' | 'terminated') => void
  readonly text: () => Promise<string>
}

type CountedRequest = {
  /** The pattern of the route, never an address. */
  readonly route: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}

type Instruments = {
  readonly registry: Registry
  readonly requests: Histogram<'route' | 'method' | 'status'>
  readonly receivedBytes: Counter
  readonly uploads: Counter<'outcome'>
}

/** Prometheus metrics. The library is loaded at the first count, after the start. */
export function createMetrics(activeUploads: () => number): Metrics {
  let made: Promise<Instruments> | undefined
  const instruments = (): Promise<Instruments> => (made ??= createInstruments(activeUploads))
  const count = (use: (instruments: Instruments) => void): void => void instruments().then(use)
  return {
    countRequest: ({ route, method, status, seconds }) =>
      count(({ requests }) => requests.observe({ route, method, status: `${Math.floor(status / 100)}xx` }, seconds)),
    addReceivedBytes: (sizeBytes) => count(({ receivedBytes }) => receivedBytes.inc(sizeBytes)),
    countUpload: (outcome) => count(({ uploads }) => uploads.inc({ outcome })),
    text: async () => (await instruments()).registry.metrics(),
  }
}

async function createInstruments(activeUploads: () => number): Promise<Instruments> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'reelport_' })
  const registers = [registry]
  new Gauge({
    name: 'reelport_uploads_receiving',
    help: 'Uploads with a connection that sends',
    registers,
    collect() {
      this.set(activeUploads())
    },
  })
  return {
    registry,
    requests: new Histogram({
      name: 'reelport_http_request_seconds',
      help: 'Time from head to answer',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.05, 0.25, 1, 5, 30, 300],
      registers,
    }),
    receivedBytes: new Counter({ name: 'reelport_upload_bytes_total', help: 'Upload bytes made durable', registers }),
    uploads: new Counter({ name: 'reelport_uploads_total', help: 'Uploads by outcome', labelNames: ['outcome'], registers }),
  }
}
