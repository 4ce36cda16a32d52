import { LogOut, Pencil } from 'lucide-react'
import { type RefObject, useRef, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Session } from '../../contract/sessions'
import { Button, IconButton } from '../controls/button'
import { isolate } from '../format/format'
import { useFormat, useNow } from '../format/use-format'
import { describeTransferring, deviceIcons, isActiveNow } from './describe-device'
import { RenameForm } from './rename-form'
import { askToSignOut, useSignOut } from './sign-out'

/** One device with all that is known of it. This device has no sign-out in its row: that is in the account's corner. */
export function DeviceItem({ device }: { readonly device: Session }): React.JSX.Element {
  const { t } = useTranslation()
  const [isRenaming, setIsRenaming] = useState(false)
  const isEnding = useSignOut(({ endingIds }) => endingIds.has(device.id))
  const opener = useRef<HTMLButtonElement>(null)
  const Icon = deviceIcons[device.device.type]
  const name = isolate(device.device.name)
  return (
    <>
      <div className="device-head">
        <span className="device-icon">
          <Icon size={20} aria-hidden />
        </span>
        {isRenaming ? (
          <RenameForm
            device={device}
            onClose={() => {
              setIsRenaming(false)
              focusSoon(opener)
            }}
          />
        ) : (
          <>
            <h3 className="device-name">
              <bdi>{device.device.name}</bdi>
            </h3>
            {device.current && <span className="tag">{t('devices.thisDevice')}</span>}
            <IconButton
              ref={opener}
              icon={Pencil}
              label={t('devices.renameNamed', { name })}
              hint={t('devices.rename')}
              onPress={() => setIsRenaming(true)}
            />
          </>
        )}
        {!device.current && !isRenaming && (
          <span className="device-actions">
            <Button
              icon={LogOut}
              isPending={isEnding}
              aria-label={isEnding ? t('devices.signingOut') : t('devices.signOutNamed', { name })}
              onPress={() => askToSignOut({ kind: 'one', device, isStranger: false })}
            >
              {isEnding ? t('devices.signingOut') : t('devices.signOut')}
            </Button>
          </span>
        )}
      </div>
      <DeviceFacts device={device} />
    </>
  )
}

/** The button is drawn again only after the form has gone. */
const focusSoon = (target: RefObject<HTMLElement | null>): void => void requestAnimationFrame(() => target.current?.focus())

function DeviceFacts({ device }: { readonly device: Session }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow('second')
  const known = (value: string): string => (value === '' ? t('devices.unknown') : value)
  const lastActive = new Date(device.lastActiveAt)
  const facts = [
    { name: 'kind', value: t(`devices.kind.${device.device.type}`) },
    { name: 'system', value: known(device.device.os) },
    { name: 'app', value: known(device.device.app) },
    { name: 'address', value: known(device.ipAddress) },
    // Without a database of places nobody knows them: no empty fact then.
    ...(device.place === null ? [] : [{ name: 'place', value: device.place } as const]),
    { name: 'signedIn', value: format.dateTime(new Date(device.createdAt)) },
    {
      name: 'lastActive',
      value: isActiveNow(device, now) ? t('devices.activeNow') : format.ago(lastActive, now),
      title: format.exact(lastActive),
    },
    { name: 'expires', value: format.dateTime(new Date(device.expiresAt)) },
    { name: 'transferring', value: describeTransferring(device.transferring, { t, format }) },
  ] as const
  return (
    <dl className="device-facts">
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{t(`devices.fact.${fact.name}`)}</dt>
          <dd title={'title' in fact ? fact.title : undefined}>
            <bdi>{fact.value}</bdi>
            {'title' in fact && <span className="only-read">{fact.title}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
