import type { RestReason } from '../../contract/queue-pause'
import type { Settings } from '../../contract/settings'
import type { PowerFacts } from '../../contract/shell'
import type { Clock } from '../transfers/ports'

/** A page says it again every 30 s; one that is gone, or that a browser holds back, is not believed for ever. */
const believedForMs = 150_000

export type PowerWatch = Disposable & {
  /** Why the queue is to rest now, by what is known and what the person wants; null for no reason. */
  reason(settings: Pick<Settings, 'pausesOnBattery' | 'pausesOnMetered'>): Exclude<RestReason, 'person'> | null
  /** What a page knows of the computer that it is shown on. */
  tell(facts: PowerFacts): void
}

/**
 * What is known of the computer's power and line: by the host where it can know, else by a page as long as one says so.
 * @param watchBattery answers what is so now, and tells each change; null where the host cannot know
 */
export function watchPower({
  watchBattery,
  clock,
  onChange,
}: {
  readonly watchBattery: ((listener: (isOnBattery: boolean) => void) => boolean) | null
  readonly clock: Clock
  readonly onChange: () => void
}): PowerWatch {
  let told: PowerFacts = { isOnBattery: null, isMetered: null }
  let forget = (): void => undefined
  let isOnBattery =
    watchBattery?.((isNow) => {
      isOnBattery = isNow
      onChange()
    }) ?? null

  const learn = (facts: PowerFacts): void => {
    const isNews = facts.isOnBattery !== told.isOnBattery || facts.isMetered !== told.isMetered
    told = facts
    if (isNews) onChange()
  }

  return {
    reason({ pausesOnBattery, pausesOnMetered }) {
      if (pausesOnBattery && (isOnBattery ?? told.isOnBattery) === true) return 'battery'
      return pausesOnMetered && told.isMetered === true ? 'metered' : null
    },
    tell(facts) {
      forget()
      forget = clock.after(believedForMs, () => learn({ isOnBattery: null, isMetered: null }))
      learn(facts)
    },
    [Symbol.dispose]: () => forget(),
  }
}
