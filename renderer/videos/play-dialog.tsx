import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Video } from '../../contract/videos'
import { Dialog } from '../controls/dialog'
import { isolate } from '../format/format'
import { closeVideo } from './open-video'
import { useMediaUrl } from './use-videos'

type Props = { readonly video: Video; readonly isOpen: boolean }

/** Plays a video from the server, as far as this window knows its format. */
export function PlayDialog({ video, isOpen }: Props): React.JSX.Element {
  return (
    <Dialog title={isolate(video.filename)} isOpen={isOpen} onClose={closeVideo} size="large">
      <Player key={video.id} video={video} />
    </Dialog>
  )
}

function Player({ video }: { readonly video: Video }): React.JSX.Element {
  const { t } = useTranslation()
  const urls = useMediaUrl(video.id)
  const [isUnplayable, setIsUnplayable] = useState(false)
  if (isUnplayable) {
    return (
      <div className="notice" data-tone="danger" role="alert">
        <CircleAlert size={20} aria-hidden />
        <p>{t('videos.unplayable')}</p>
      </div>
    )
  }
  return (
    <div className="player">
      {urls && (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- people's own recordings; the server keeps no captions
        <video
          src={urls.contentUrl}
          controls
          autoPlay
          aria-label={video.filename}
          onError={() => setIsUnplayable(true)}
          // Containers without a picture this window can decode start and stay black: no error comes.
          onLoadedMetadata={(event) => setIsUnplayable(event.currentTarget.videoWidth === 0)}
        />
      )}
    </div>
  )
}
