import { create } from 'zustand'
import type { Failure } from '../../contract/failures'
import type { VideoId } from '../../contract/ids'
import type { Video } from '../../contract/videos'
import { command } from '../desktop'

/** How long a deletion can be taken back. */
export const undoMs = 10_000

/** Videos that are gone from view and not yet from the server: the person may still change their mind. */
export const useDeletions = create<{ readonly ids: ReadonlySet<VideoId> }>(() => ({ ids: new Set() }))

const setDeleting = (id: VideoId, isDeleting: boolean): void =>
  useDeletions.setState(({ ids }) => {
    const next = new Set(ids)
    if (isDeleting) next.add(id)
    else next.delete(id)
    return { ids: next }
  })

/** Hides a video at once. It is deleted by `commitDeletion`, or shown again by `undoDeletion`. */
export const beginDeletion = ({ id }: Video): void => setDeleting(id, true)

export const undoDeletion = ({ id }: Video): void => setDeleting(id, false)

/** Asked of the server already: a notice that closes after a sign-out must not ask once more. */
const committed = new Set<VideoId>()

/** Deletes on the server what is still hidden, once. Where that fails the video is shown again and the failure answered. */
export async function commitDeletion({ id }: Pick<Video, 'id'>): Promise<Failure | null> {
  if (!useDeletions.getState().ids.has(id) || committed.has(id)) return null
  committed.add(id)
  const reply = await command('videos:delete', id)
  if (reply.ok) return null
  committed.delete(id)
  setDeleting(id, false)
  // Somebody else deleted it first: what was wanted is so.
  return reply.failure.code === 'not-found' ? null : reply.failure
}

/** A window or a person that goes away keeps their word: what was said to be deleted is. */
export const commitAllDeletions = (): void => useDeletions.getState().ids.forEach((id) => void commitDeletion({ id }))
