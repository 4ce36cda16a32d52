import { Download, Info, Play, Trash2 } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { Video } from '../../contract/videos'
import { IconButton } from '../controls/button'
import { askToDownload } from '../downloads/download-request'
import { isolate } from '../format/format'
import { openVideo } from './open-video'

/** Play, download, details and delete of one video, each named with it. */
export function VideoActions({ video }: { readonly video: Video }): React.JSX.Element {
  const { t } = useTranslation()
  const label = (action: string): string => t('videos.actionOn', { action, name: isolate(video.filename) })
  return (
    <div className="video-actions">
      <IconButton
        icon={Play}
        label={label(t('videos.play'))}
        hint={t('videos.play')}
        onPress={() => openVideo('play', video)}
      />
      <IconButton
        icon={Download}
        label={label(t('downloads.download'))}
        hint={t('downloads.download')}
        onPress={() => askToDownload({ kind: 'videos', videos: [video] })}
      />
      <IconButton
        icon={Info}
        label={label(t('videos.details'))}
        hint={t('videos.details')}
        onPress={() => openVideo('details', video)}
      />
      <IconButton
        icon={Trash2}
        label={label(t('videos.delete'))}
        hint={t('videos.delete')}
        onPress={() => openVideo('delete', video)}
      />
    </div>
  )
}
