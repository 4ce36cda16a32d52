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
  const [isPictureBroken, setIsPictureBroken] = useState(false)
  const [isFrameBroken, setIsFrameBroken] = useState(false)
  // A picture that is made while the row is in view takes the place of whatever stood in for it.
  const showsPicture = video.hasThumbnail && !isPictureBroken
  const showsFrame = !showsPicture && !isFrameBroken
  return (
    // Inert: a table's arrow keys go into the first thing of a cell that takes the focus, and this is not one.
    <span className="thumbnail" aria-hidden inert>
      {urls && showsPicture && (
        <img src={urls.thumbnailUrl} alt="" loading="lazy" onError={() => setIsPictureBroken(true)} />
      )}
      {urls && showsFrame && (
        <video src={`${urls.contentUrl}#t=0.1`} preload="metadata" muted onError={() => setIsFrameBroken(true)} />
      )}
      {(!urls || (!showsPicture && !showsFrame)) && <Film size={28} />}
      <span className="thumbnail-length">{format.timecode(video.durationSeconds)}</span>
    </span>
  )
}
