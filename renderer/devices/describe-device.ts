import type { Translate } from '../locales/translate'
import { Globe, type LucideIcon, Monitor, Smartphone, SquareTerminal } from 'lucide-react'
import type { Device, EndedSession, Session, Transferring } from '../../contract/sessions'
import { type Format, isolate } from '../format/format'

type Speech = { readonly t: Translate; readonly format: Format }

export const deviceIcons: { readonly [Type in Device['type']]: LucideIcon } = {
  desktop: Monitor,
  browser: Globe,
  mobile: Smartphone,
  script: SquareTerminal,
}

/** Nobody reads "12 seconds ago" as anything but now. */
const activeNowMs = 2 * 60_000

/** When a device was last heard of, in words; the exact time is `format.exact`. */
export const isActiveNow = ({ lastActiveAt }: Session, now: Date): boolean =>
  now.getTime() - Date.parse(lastActiveAt) < activeNowMs

/** How far a device is: by share where the length of all it sends is known, else by bytes. */
export function describeTransferring(
  transferring: Transferring | null,
  { t, format }: Speech,
  { isSentence = false }: { readonly isSentence?: boolean } = {},
): string {
  if (transferring === null) return isSentence ? t('devices.endIdle') : t('devices.sendingNothing')
  const { uploads, sentBytes, totalBytes } = transferring
  const counted = { count: uploads, num: format.number(uploads) }
  if (totalBytes !== null && totalBytes > 0) {
    const values = { ...counted, share: format.percent(sentBytes / totalBytes) }
    return isSentence ? t('devices.endSending', values) : t('devices.sending', values)
  }
  const values = { ...counted, size: format.bytes(sentBytes) }
  return isSentence ? t('devices.endSendingSome', values) : t('devices.sendingSome', values)
}

/** Why a sign-in ended, with the device that did it where the sentence has a place for it. */
export function describeEnd({ endReason, endedBy }: EndedSession, t: Translate): string {
  const names = endReason === 'signed_out_elsewhere' || endReason === 'password_changed'
  if (names && endedBy.device !== null) return t(`devices.reasonBy.${endReason}`, { device: isolate(endedBy.device) })
  return t(`devices.reason.${endReason}`)
}

/** What a notice says of a device: app, system, place or address; what is not known is left out. */
export function deviceFacts({ device, place, ipAddress }: Session, { format }: Speech): string {
  return format.list([device.app, device.os, place ?? ipAddress].filter((fact) => fact !== '').map(isolate))
}
