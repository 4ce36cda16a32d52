import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Form } from 'react-aria-components'
import type { Session } from '../../contract/sessions'
import { Button } from '../controls/button'
import { TextField } from '../controls/text-field'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { sayPolitely } from '../frame/live-regions'

const longestName = 100

/** A new name in the place of the old one: Enter saves, Escape leaves it as it was. */
export function RenameForm({ device, onClose }: { readonly device: Session; onClose(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const [name, setName] = useState(device.device.name)
  const [isPending, setIsPending] = useState(false)
  const isEmpty = name.trim() === ''

  const save = async (): Promise<void> => {
    if (isEmpty || isPending) return
    if (name.trim() === device.device.name) return onClose()
    setIsPending(true)
    const reply = await command('sessions:rename', { id: device.id, name })
    setIsPending(false)
    if (!reply.ok) return report(reply.failure)
    sayPolitely(t('devices.renamed', { name: isolate(name.trim()) }))
    onClose()
  }

  return (
    <Form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TextField
        label={t('devices.name')}
        hidesLabel
        takesFocus
        autoComplete="off"
        maxLength={longestName}
        value={name}
        onChange={setName}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose()
          else event.continuePropagation()
        }}
        error={isEmpty ? t('sessions.required') : undefined}
      />
      <Button type="submit" variant="primary" isPending={isPending}>
        {t('devices.save')}
      </Button>
      <Button onPress={onClose}>{t('common.cancel')}</Button>
    </Form>
  )
}
