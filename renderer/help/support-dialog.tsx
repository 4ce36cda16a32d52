import { useQuery } from '@tanstack/react-query'
import { Check, Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { Choice } from '../controls/choice'
import { Dialog } from '../controls/dialog'
import { command } from '../desktop'
import { copyText } from '../failures/copy-text'
import { FailedPart } from '../failures/failed-part'
import { useReport } from '../failures/use-report'
import { useMirror } from '../state/mirror'
import { ask } from '../state/queries'
import { SupportCode } from '../support/support-code'
import { useView } from '../state/view'
import { saveInBrowser } from './save-in-browser'

const fileName = 'reelport-details.txt'

/** What support asks for, about the app as a whole: read first, then copied or saved. */
export function SupportDialog(): React.JSX.Element {
  const isOpen = useView((view) => view.overlay === 'support')
  return isOpen ? <Details /> : <></>
}

function Details(): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const { closeOverlay } = useView((view) => view.actions)
  const canSave = useMirror((mirror) => mirror.app.capabilities.saveFiles)
  const [withNames, setWithNames] = useState(false)
  const [isCopied, setIsCopied] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['support', withNames],
    queryFn: () => ask('support:read', { withNames }),
    staleTime: 0,
    gcTime: 0,
  })
  const text = data?.text ?? ''
  const save = async (): Promise<void> => {
    if (!canSave) return saveInBrowser({ text, name: fileName, type: 'text/plain' })
    const reply = await command('support:save', { withNames })
    if (!reply.ok) report(reply.failure)
  }
  return (
    <Dialog
      title={t('support.title')}
      size="large"
      isOpen
      isLong
      onClose={closeOverlay}
      footer={
        <>
          <Button icon={Download} isDisabled={text === ''} onPress={() => void save()}>
            {t('support.save')}
          </Button>
          <Button
            variant="primary"
            icon={isCopied ? Check : Copy}
            isDisabled={text === ''}
            onPress={() => setIsCopied(copyText(text))}
          >
            {isCopied ? t('common.copied') : t('support.copy')}
          </Button>
        </>
      }
    >
      <SupportCode />
      <p>{t('support.intro')}</p>
      <Choice
        label={t('support.names')}
        value={withNames ? 'with' : 'without'}
        onChange={(value) => setWithNames(value === 'with')}
        options={[
          { value: 'without', label: t('support.namesOut') },
          { value: 'with', label: t('support.namesIn') },
        ]}
      />
      {error !== null && <FailedPart title={t('support.title')} error={error} onRetry={() => void refetch()} />}
      {text !== '' && (
        <pre className="support-text" dir="ltr" lang="en">
          {text}
        </pre>
      )}
    </Dialog>
  )
}
