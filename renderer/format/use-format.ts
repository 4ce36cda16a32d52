import { useSyncExternalStore } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Language } from '../../contract/settings'
import { resolveLocale } from '../locales/resolve-locale'
import { useMirror } from '../state/mirror'
import { type Format, formatFor } from './format'

/** The explicit tag of this window's language with the person's digits and calendar. */
export function useLocaleTag(): string {
  const settings = useMirror((mirror) => mirror.settings)
  const osLocale = useMirror((mirror) => mirror.app.osLocale)
  // The language that was loaded: another window may have chosen a new one, whose words are not here.
  const language = useStartedLanguage()
  return resolveLocale({ ...settings, language }, osLocale).tag
}

const useStartedLanguage = (): Language => useTranslation().language

/** Numbers, sizes, dates and durations as this person reads them. */
export const useFormat = (): Format => formatFor(useLocaleTag())

/** A clock that ticks with a period of `periodMs`; all users of one period share one timer. */
function createClock(periodMs: number): { subscribe(listener: () => void): () => void; read(): number } {
  const listeners = new Set<() => void>()
  const round = (): number => Math.trunc(Date.now() / periodMs) * periodMs
  let nowMs = round()
  let timer: ReturnType<typeof setInterval> | null = null
  const tick = (): void => {
    nowMs = round()
    for (const listener of listeners) listener()
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      timer ??= setInterval(tick, periodMs)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || !timer) return
        clearInterval(timer)
        timer = null
      }
    },
    read() {
      // A clock nobody watched stood still; whoever looks now must not see its old time.
      if (!timer) nowMs = round()
      return nowMs
    },
  }
}

const clocks = { second: createClock(1000), minute: createClock(15_000) }

/** The time of day, redrawn each second or about four times a minute. */
export function useNow(period: keyof typeof clocks): Date {
  const { subscribe, read } = clocks[period]
  return new Date(useSyncExternalStore(subscribe, read))
}
