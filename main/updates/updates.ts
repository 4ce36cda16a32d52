import type { Updates } from '../../contract/updates'
import type { Log } from '../log'
import type { Clock } from '../transfers/ports'
import type { Updater } from './updater'

export type AppUpdates = Disposable & {
  status(): Updates
  /** Looks for a newer version now. Does nothing where updates are off, or while one is on its way. */
  check(): Promise<void>
  /** The person wants the version that is ready: it is installed at once, or once no byte moves. */
  install(): void
  /** Bytes move, or have stopped to: what waits for that is done. */
  onWork(isMoving: boolean): void
}

const firstCheckAfterMs = 60_000
const checkEveryMs = 6 * 60 * 60_000
/** A queue goes from one file to the next: only a rest of this length is the end of it. */
const restMs = 5_000
const longestNews = 4_000

/**
 * Looks for newer versions, brings them, and says when one is ready. It never ends the app in the middle of a transfer, and
 * never by itself: a version is installed when the app is quit, or when its person said so.
 */
export function createUpdates({
  updater,
  clock,
  log,
  onChange,
}: {
  /** null: updates are off. */
  readonly updater: Updater | null
  readonly clock: Clock
  readonly log: Log
  readonly onChange: (status: Updates) => void
}): AppUpdates {
  let status: Updates = updater === null ? { kind: 'off' } : { kind: 'current', checkedAt: null }
  let isMoving = false
  let isInstalling = false
  let forgetRest = (): void => undefined
  let forgetCheck = (): void => undefined

  const change = (next: Updates): void => {
    status = next
    onChange(next)
  }
  const checkedAt = (): string => new Date(clock.now()).toISOString()

  const check = async (): Promise<void> => {
    const isIdle = status.kind === 'current' || status.kind === 'failed'
    if (updater === null || !isIdle) return
    change({ kind: 'checking' })
    try {
      const found = await updater.check()
      if (found === null) return change({ kind: 'current', checkedAt: checkedAt() })
      const { version } = found
      change({ kind: 'downloading', version, share: 0 })
      await updater.download((share) => {
        const whole = Math.floor(Math.min(1, Math.max(0, share)) * 100) / 100
        if (status.kind === 'downloading' && status.share !== whole) change({ kind: 'downloading', version, share: whole })
      })
      change({ kind: 'ready', version, news: found.news.slice(0, longestNews), isWanted: false })
    } catch (error) {
      // The next look may go better; the version that runs goes on.
      log.error('updates.failed', error)
      change({ kind: 'failed', checkedAt: checkedAt() })
    }
  }

  const installAtRest = (): void => {
    forgetRest()
    if (status.kind !== 'ready' || !status.isWanted || isMoving || isInstalling) return
    forgetRest = clock.after(restMs, () => {
      if (isMoving || isInstalling || status.kind !== 'ready') return
      isInstalling = true
      log.info('updates.installing', { version: status.version })
      updater?.install()
    })
  }

  const checkAgain = (delayMs: number): void => {
    forgetCheck = clock.after(delayMs, () => {
      void check()
      checkAgain(checkEveryMs)
    })
  }
  if (updater !== null) checkAgain(firstCheckAfterMs)

  return {
    status: () => status,
    check,
    install() {
      if (status.kind !== 'ready') return
      change({ ...status, isWanted: true })
      installAtRest()
    },
    onWork(next) {
      isMoving = next
      if (isMoving) forgetRest()
      else installAtRest()
    },
    [Symbol.dispose]() {
      forgetRest()
      forgetCheck()
    },
  }
}
