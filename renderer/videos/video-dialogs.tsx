import { useOpenVideo } from './open-video'
import { DeleteDialog } from './delete-dialog'
import { DetailsDialog } from './details-dialog'
import { PlayDialog } from './play-dialog'

/** The dialogues of the library, outside its list: a list that loads again does not close them. */
export function VideoDialogs(): React.JSX.Element | null {
  const { dialog, video } = useOpenVideo()
  if (!video) return null
  return (
    <>
      <PlayDialog video={video} isOpen={dialog === 'play'} />
      <DetailsDialog video={video} isOpen={dialog === 'details'} />
      <DeleteDialog video={video} isOpen={dialog === 'delete'} />
    </>
  )
}
