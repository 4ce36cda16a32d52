import { useTranslation } from '../locales/use-translation'
import type { Video } from '../../contract/videos'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { notify } from '../controls/toasts'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { sayPolitely } from '../frame/live-regions'
import { beginDeletion, commitDeletion, undoDeletion, undoMs } from './deletions'
import { closeVideo } from './open-video'

type Props = { readonly video: Video; readonly isOpen: boolean }

/** Names the video, says that quota does not come back, and leaves ten seconds to take it back. */
export function DeleteDialog({ video, isOpen }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const name = isolate(video.filename)
  const remove = (): void => {
    closeVideo()
    beginDeletion(video)
    const undo = (): void => {
      undoDeletion(video)
      sayPolitely(t('videos.undone', { name }))
    }
    const commit = async (): Promise<void> => report(await commitDeletion(video))
    notify(
      { tone: 'info', title: t('videos.deleted', { name }), action: { label: t('videos.undo'), run: undo } },
      { timeoutMs: undoMs, onClose: () => void commit() },
    )
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t('videos.deleteTitle')}
      isOpen={isOpen}
      onClose={closeVideo}
      footer={
        <>
          <Button takesFocus onPress={closeVideo}>
            {t('common.cancel')}
          </Button>
          <Button variant="danger" onPress={remove}>
            {t('videos.deleteConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('videos.deleteBody', { name })}</p>
    </Dialog>
  )
}
