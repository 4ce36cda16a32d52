import { Film } from 'lucide-react'
import { useState } from 'react'
import type { Video } from '../../contract/videos'
import { useFormat } from '../format/use-format'
import { useMediaUrl } from './use-videos'

/**
 * A picture of the video: the server's, else its first frame, else a sign. It repeats what the title says, so readers skip
 * it.
 */
export function Thumbnail({ video }: { readonly video: Video }): React.JSX.Element {
  const format = useFormat()
  const urls = useMediaUrl(video.id)
  const [failures, setFailures] = useState(0)
  const useNext = (): void => setFailures((count) => count + 1)
  const stage = failures + (video.hasThumbnail ? 0 : 1)
  return (
    <span className="thumbnail" aria-hidden>
      {urls && stage === 0 && <img src={urls.thumbnailUrl} alt="" loading="lazy" onError={useNext} />}
      {urls && stage === 1 && (
        <video src={`${urls.contentUrl}#t=0.1`} preload="metadata" muted tabIndex={-1} onError={useNext} />
      )}
      {(!urls || stage > 1) && <Film size={28} />}
      <span className="thumbnail-length">{format.timecode(video.durationSeconds)}</span>
    </span>
  )
}
