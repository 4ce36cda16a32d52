import { useEffect } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { SessionId } from '../../contract/ids'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { useMirror } from '../state/mirror'
import { deviceFacts } from './describe-device'
import { askToSignOut } from './sign-out'

/** Notices on the screen: they outlive a change of section, and go when main says that they are over. */
const shown = new Map<SessionId, () => void>()

/** Says that a device signed in to this account, wherever in the app the person is, and stays until it was looked at. */
export function useNewDeviceNotices(): void {
  const { t } = useTranslation()
  const format = useFormat()
  const devices = useMirror((mirror) => mirror.newDevices)
  useEffect(() => {
    for (const [id, close] of shown) if (!devices.some((device) => device.id === id)) close()
    for (const device of devices) {
      if (shown.has(device.id)) continue
      const title = t('devices.newTitle', { name: isolate(device.device.name) })
      const close = notify(
        {
          tone: 'info',
          title,
          detail: deviceFacts(device, { t, format }),
          action: { label: t('devices.newAction'), run: () => askToSignOut({ kind: 'one', device, isStranger: true }) },
        },
        {
          timeoutMs: null,
          onClose: () => {
            // Taken down with the window, it was not looked at.
            if (shown.delete(device.id)) void command('sessions:dismiss-new-device', device.id)
          },
        },
      )
      shown.set(device.id, close)
      sayPolitely(title)
    }
  }, [devices, t, format])
  // Another person's window has none of them.
  useEffect(
    () => () => {
      const closes = [...shown.values()]
      shown.clear()
      for (const close of closes) close()
    },
    [],
  )
}
