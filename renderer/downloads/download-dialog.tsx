import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useLocation } from 'wouter'
import type { IfExists } from '../../contract/transfers'
import { Button } from '../controls/button'
import { Choice } from '../controls/choice'
import { Dialog } from '../controls/dialog'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { announce } from '../uploads/use-queue-announcements'
import { closeDownloadRequest, type DownloadRequest, useDownloadRequest } from './download-request'

const choices = ['skip', 'keep-both', 'replace'] as const satisfies readonly IfExists[]

/** Says what is downloaded, where to, and what becomes of files that are there already. */
export function DownloadDialog({ onAdded }: { onAdded(): void }): React.JSX.Element | null {
  const { request, isOpen } = useDownloadRequest()
  if (request === null) return null
  return <Asked request={request} isOpen={isOpen} onAdded={onAdded} />
}

type AskedProps = { readonly request: DownloadRequest; readonly isOpen: boolean; onAdded(): void }

function Asked({ request, isOpen, onAdded }: AskedProps): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const [, navigate] = useLocation()
  const [ifExists, setIfExists] = useState<IfExists>('skip')
  const [isPending, setPending] = useState(false)

  const start = async (): Promise<void> => {
    setPending(true)
    const videos = request.kind === 'all' ? ('all' as const) : request.videos.map(({ id }) => id)
    const reply = await command('downloads:add', { videos, ifExists })
    setPending(false)
    if (!reply.ok) {
      closeDownloadRequest()
      return report(reply.failure)
    }
    // The dialogue for the folder was closed: this one is still there to be answered.
    if (reply.value === null) return
    closeDownloadRequest()
    onAdded()
    const { added, skipped } = reply.value
    const words = [
      added.length === 0 ? null : t('downloads.added', { count: added.length, num: format.number(added.length) }),
      skipped.length === 0 ? null : t('downloads.skipped', { count: skipped.length, num: format.number(skipped.length) }),
    ].filter((word) => word !== null)
    const title = words.join(t('common.separator'))
    announce('downloads-added', title)
    const see = { label: t('downloads.see'), run: () => navigate('/') }
    notify({ tone: added.length === 0 ? 'info' : 'good', title, ...(added.length === 0 ? {} : { action: see }) })
  }

  return (
    <Dialog
      size="small"
      title={<RequestTitle request={request} />}
      isOpen={isOpen}
      onClose={closeDownloadRequest}
      footer={
        <>
          <Button onPress={closeDownloadRequest}>{t('common.cancel')}</Button>
          <Button takesFocus variant="primary" icon={Download} isPending={isPending} onPress={() => void start()}>
            {t('downloads.dialog.confirm')}
          </Button>
        </>
      }
    >
      <div className="download-dialog">
        <Place />
        <Choice<IfExists>
          label={t('downloads.dialog.ifExists')}
          value={ifExists}
          onChange={setIfExists}
          options={choices.map((value) => ({ value, label: t(`downloads.dialog.${value}`) }))}
        />
        <p className="muted small">{t('downloads.dialog.safe')}</p>
      </div>
    </Dialog>
  )
}

function RequestTitle({ request }: { readonly request: DownloadRequest }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  if (request.kind === 'all') return <>{t('downloads.dialog.titleAll')}</>
  const [first] = request.videos
  const { length: count } = request.videos
  if (count === 1 && first) return <>{t('downloads.dialog.titleOne', { name: isolate(first.filename) })}</>
  return <>{t('downloads.dialog.titleMany', { count, num: format.number(count) })}</>
}

/** Where the files go: the host's folder, exactly as it is used, or one that is chosen next. */
function Place(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const folder = useMirror((mirror) => mirror.app.downloadFolder)
  const { request } = useDownloadRequest()
  const sizeBytes = request?.kind === 'videos' ? request.videos.reduce((sum, video) => sum + video.sizeBytes, 0) : null
  return (
    <div className="download-place">
      <p className="field-label">{t('downloads.dialog.folder')}</p>
      <p>{folder === null ? t('downloads.dialog.folderLater') : <bdi dir="ltr">{folder}</bdi>}</p>
      {sizeBytes !== null && <p className="muted small">{t('downloads.dialog.size', { size: format.bytes(sizeBytes) })}</p>}
    </div>
  )
}
