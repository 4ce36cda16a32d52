import { Copy } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { Video } from '../../contract/videos'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { notify } from '../controls/toasts'
import { copyText } from '../failures/copy-text'
import { useFormat } from '../format/use-format'
import { closeVideo } from './open-video'

type Props = { readonly video: Video; readonly isOpen: boolean }

/** All that is known of one video. */
export function DetailsDialog({ video, isOpen }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { widthPixels, heightPixels } = video
  const rows = [
    { label: t('videos.name'), value: video.filename },
    { label: t('videos.length'), value: format.duration(video.durationSeconds, 'long') },
    { label: t('videos.size'), value: format.bytes(video.sizeBytes, 'long') },
    { label: t('videos.uploaded'), value: format.dateTime(new Date(video.createdAt)) },
    { label: t('videos.format'), value: [video.container, video.videoCodec].filter((part) => part !== null).join(', ') },
    ...(widthPixels === null || heightPixels === null
      ? []
      : [
          {
            label: t('videos.picture'),
            value: t('videos.pixels', { width: format.number(widthPixels), height: format.number(heightPixels) }),
          },
        ]),
    { label: t('videos.checksum'), value: video.sha256 },
  ]
  return (
    <Dialog
      title={t('videos.details')}
      isOpen={isOpen}
      isLong
      onClose={closeVideo}
      footer={
        <Button icon={Copy} onPress={() => copyText(video.sha256) && notify({ tone: 'good', title: t('common.copied') })}>
          {t('videos.copyChecksum')}
        </Button>
      }
    >
      <dl className="facts">
        {rows.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
