import type { TransferId } from '../../contract/ids'
import type { QueueRest } from '../../contract/queue-pause'
import type { TransfersChange } from '../../contract/transfers'
import type { Clock } from './ports'
import type { SpeedMeter } from './speed-meter'
import { isMoving, type TransferState } from './transfer-state'
import { countBefore, summarize, viewTransfer } from './transfer-view'

/** At most four times a second (`architecture.md`, rule 6). */
export const pushEveryMsAtMost = 250
/** Speed and time left change even where no byte moves. */
const refreshEveryMs = 1000

export type ChangeFeed = Disposable & {
  /** Bytes of one row moved. */
  touch(state: TransferState): void
  /** Rows came, went, or changed their state: any row may look different. */
  touchAll(): void
  /** Another account, or the first time: everything is told again, as a whole. */
  reset(): void
}

/** Tells what changed, gathered, and only what really did. */
export function createChangeFeed(parts: {
  readonly clock: Clock
  readonly queueMeter: SpeedMeter
  /** The rows of the account, in the order of the queue. */
  inOrder(): readonly TransferState[]
  /** That of the whole queue, while it holds. */
  pause(): QueueRest | null
  emit(change: TransfersChange, isWhole: boolean): void
  /** 0 tells each change in the moment it happens. */
  readonly pushEveryMs: number
}): ChangeFeed {
  const { clock, queueMeter, inOrder, pause, emit, pushEveryMs } = parts
  const told = new Map<TransferId, string>()
  const touched = new Set<TransferState>()
  let toldOrder: string | null = null
  let isAnyTouched = true
  let forgetTimer: (() => void) | null = null
  let forgetRefresh: (() => void) | null = null
  let pushedAtMs = Number.NEGATIVE_INFINITY

  const forgetAllBut = (kept: ReadonlySet<TransferId>): void => {
    for (const id of told.keys()) if (!kept.has(id)) told.delete(id)
  }

  const push = (): void => {
    forgetTimer = null
    const nowMs = clock.now()
    pushedAtMs = nowMs
    const rows = inOrder()
    const before = countBefore(rows)
    const held = pause()
    const changed = rows
      .filter((state) => isAnyTouched || touched.has(state) || isMoving(state.activity))
      .map((state) => viewTransfer(state, { before: before.get(state) ?? 0, nowMs, pause: held }))
      .filter((transfer) => {
        const text = JSON.stringify(transfer)
        const isNews = told.get(transfer.id) !== text
        told.set(transfer.id, text)
        return isNews
      })
    touched.clear()
    isAnyTouched = false
    const order = rows.map(({ entry }) => entry.id)
    const orderText = order.join(' ')
    if (orderText !== toldOrder) forgetAllBut(new Set(order))
    const isWhole = toldOrder === null
    emit(
      { changed, order: orderText === toldOrder ? null : order, summary: summarize(rows, queueMeter.rate(nowMs)) },
      isWhole,
    )
    toldOrder = orderText
    forgetRefresh?.()
    forgetRefresh = rows.some(({ activity }) => isMoving(activity)) ? clock.after(refreshEveryMs, schedule) : null
  }

  const schedule = (): void => {
    if (pushEveryMs === 0) return push()
    if (forgetTimer !== null) return
    const elapsedMs = clock.now() - pushedAtMs
    // A clock that was set back must not silence the feed.
    const delayMs = elapsedMs < 0 ? 0 : Math.max(0, pushEveryMs - elapsedMs)
    forgetTimer = clock.after(delayMs, push)
  }

  return {
    touch(state) {
      touched.add(state)
      schedule()
    },
    touchAll() {
      isAnyTouched = true
      schedule()
    },
    reset() {
      told.clear()
      toldOrder = null
      isAnyTouched = true
      schedule()
    },
    [Symbol.dispose]() {
      forgetTimer?.()
      forgetRefresh?.()
    },
  }
}
