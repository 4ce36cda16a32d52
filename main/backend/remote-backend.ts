import type { BackendStatus, LineFault } from '../../contract/desktop'
import type { BackendProcess } from './backend-process'
import { restartPauseMs } from './backend-process'
import { isHealth, lineFaultOf } from './line-fault'

const askEveryMs = 15_000
const patienceMs = 5_000
/** A clock that differs by less is no trouble to anybody. */
const clockMayDifferMs = 5 * 60_000

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

/**
 * One question to the backend's `/healthz`: what stands in the way (null: nothing does), and how far this computer's clock is
 * from the server's, where that is so far that a person has to be told.
 */
async function askHealth(
  address: string,
  now: () => Date,
): Promise<{ readonly line: LineFault | null; readonly clockAheadSeconds: number | null }> {
  try {
    const answer = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' })
    const isOurs = isHealth(await answer.json().catch(() => null))
    const line = lineFaultOf({ status: answer.status, isOurs })
    const aheadMs = now().getTime() - Date.parse(answer.headers.get('date') ?? '')
    const isFarOff = line === null && Math.abs(aheadMs) > clockMayDifferMs
    return { line, clockAheadSeconds: isFarOff ? Math.round(aheadMs / 1000) : null }
  } catch (error) {
    return { line: lineFaultOf(error instanceof Error ? error : new Error(String(error))), clockAheadSeconds: null }
  }
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
    const isNews = JSON.stringify(next) !== JSON.stringify(status)
    status = next
    if (isNews) for (const listener of listeners) listener()
  }

  const ask = async (): Promise<void> => {
    clearTimeout(timer)
    const { line, clockAheadSeconds } = await askHealth(address, now)
    if (isDisposed) return
    attempt = line === null ? 0 : attempt + 1
    const pauseMs = line === null ? askEveryMs : restartPauseMs(attempt)
    const retryAt = new Date(now().getTime() + pauseMs).toISOString()
    if (line !== null) change({ kind: 'restarting', attempt, retryAt, line })
    else change({ kind: 'ready', ...(clockAheadSeconds === null ? {} : { clockAheadSeconds }) })
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
