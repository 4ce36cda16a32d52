import type { Translate } from '../locales/translate'
import type { Format } from '../format/format'

/** Time left in steps that do not flicker (`ui.md` section 4, rule 3). */
export type Eta =
  | { readonly kind: 'under-minute' }
  | { readonly kind: 'minutes'; readonly minutes: number }
  | { readonly kind: 'hours'; readonly hours: number }
  | { readonly kind: 'more-than-day' }

/** Single minutes up to 20, then steps of 5; hours from 55 minutes on; nothing finer than a day above one. */
export function roundEta(secondsLeft: number): Eta {
  const minutes = Math.round(secondsLeft / 60)
  if (secondsLeft < 60) return { kind: 'under-minute' }
  if (minutes <= 20) return { kind: 'minutes', minutes }
  if (minutes < 55) return { kind: 'minutes', minutes: Math.round(minutes / 5) * 5 }
  if (secondsLeft <= 24 * 3600) return { kind: 'hours', hours: Math.max(1, Math.round(minutes / 60)) }
  return { kind: 'more-than-day' }
}

/** The time left in words. */
export function describeEta(secondsLeft: number, { t, format }: { readonly t: Translate; readonly format: Format }): string {
  const eta = roundEta(secondsLeft)
  switch (eta.kind) {
    case 'under-minute':
      return t('uploads.eta.underMinute')
    case 'minutes':
      return t('uploads.eta.about', { time: format.unit(eta.minutes, 'minute') })
    case 'hours':
      return t('uploads.eta.about', { time: format.unit(eta.hours, 'hour') })
    case 'more-than-day':
      return t('uploads.eta.moreThanDay')
    default:
      return eta satisfies never
  }
}
