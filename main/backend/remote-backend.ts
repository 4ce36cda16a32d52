import type { BackendStatus } from '../../contract/desktop'
import type { BackendProcess } from './backend-process'
import { restartPauseMs } from './backend-process'

const askEveryMs = 15_000
const patienceMs = 5_000

/**
 * The address of a backend that runs elsewhere. https, or plain http on loopback alone (`security.md`, Deviations).
 * @throws Error with a sentence for people
 */
export function parseServerAddress(text: string): string {
  const url = URL.parse(text)
  if (url === null || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new Error(`--server takes an address such as https://reelport.example: ${text}`)
  }
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || url.hostname.startsWith('127.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new Error('A server on another machine must be reached by https.')
  }
  return url.origin
}

/** Watches a backend that this app did not start: `ready` while it answers, `restarting` with growing pauses while it does not. */
export function watchRemoteBackend({
  address,
  now,
}: {
  readonly address: string
  readonly now: () => Date
}): BackendProcess {
  let status: BackendStatus = { kind: 'starting' }
  let attempt = 0
  let timer: NodeJS.Timeout | undefined
  let isDisposed = false
  const listeners = new Set<() => void>()

  const change = (next: BackendStatus): void => {
    const isNews = next.kind !== status.kind || next.kind === 'restarting'
    status = next
    if (isNews) for (const listener of listeners) listener()
  }

  const ask = async (): Promise<void> => {
    clearTimeout(timer)
    // Any failure is the same to a person here: the server does not answer now.
    const isThere = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(patienceMs), redirect: 'error' }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (isDisposed) return
    attempt = isThere ? 0 : attempt + 1
    const pauseMs = isThere ? askEveryMs : restartPauseMs(attempt)
    const retryAt = new Date(now().getTime() + pauseMs).toISOString()
    change(isThere ? { kind: 'ready' } : { kind: 'restarting', attempt, retryAt })
    timer = setTimeout(() => void ask(), pauseMs)
  }

  void ask()
  return {
    status: () => status,
    origin: () => (status.kind === 'ready' ? address : null),
    onChange: (listener) => void listeners.add(listener),
    retry: () => void ask(),
    [Symbol.asyncDispose]: () => {
      isDisposed = true
      clearTimeout(timer)
      return Promise.resolve()
    },
  }
}
