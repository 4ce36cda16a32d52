import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Input, Label, TextField } from 'react-aria-components'
import type { NewApiToken } from '../../contract/tokens'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { copyText } from '../failures/copy-text'
import { isolate } from '../format/format'
import { sayPolitely } from '../frame/live-regions'

/** Shows a new key this once. Not left by a click beside it: what is gone cannot be asked for again. */
export function KeyDialog({ made, onClose }: { readonly made: NewApiToken; onClose(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  const copy = (): void => {
    if (!copyText(made.token)) return
    setIsCopied(true)
    sayPolitely(t('tokens.keyCopied'))
  }
  return (
    <Dialog
      role="alertdialog"
      title={t('tokens.keyTitle', { name: isolate(made.name) })}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('tokens.keyDone')}</Button>
          <Button variant="primary" icon={Copy} takesFocus onPress={copy}>
            {isCopied ? t('tokens.keyCopied') : t('tokens.copy')}
          </Button>
        </>
      }
    >
      <p>{t('tokens.keyOnce')}</p>
      <TextField className="field" value={made.token} isReadOnly>
        <Label className="field-label">{t('tokens.key')}</Label>
        <Input className="field-input key" dir="ltr" onFocus={(event) => event.currentTarget.select()} />
      </TextField>
      <div className="key-use">
        <p className="muted">{t('tokens.keyUse')}</p>
        <code dir="ltr" lang="en">{`Authorization: Token ${made.prefix}…`}</code>
      </div>
    </Dialog>
  )
}
