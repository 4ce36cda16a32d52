import { useEffect } from 'react'
import { command } from '../desktop'
import { useMirror } from '../state/mirror'
import { watchPowerFacts } from './power-facts'

/** Tells main of the battery and the line, while a setting asks after them: the host of a page may know neither. */
export function usePowerFacts(): void {
  const isAsked = useMirror(({ settings, app }) => {
    const isBatteryAsked = settings.pausesOnBattery && !app.capabilities.knowBattery
    return isBatteryAsked || settings.pausesOnMetered
  })
  useEffect(() => {
    if (!isAsked) return undefined
    // A connection that is lost is told elsewhere; the next saying is half a minute away.
    return watchPowerFacts((facts) => void command('power:tell', facts))
  }, [isAsked])
}
