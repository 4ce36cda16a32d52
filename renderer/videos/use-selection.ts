import { useState } from 'react'
import type { Selection } from 'react-aria-components'
import type { VideoId } from '../../contract/ids'
import type { Video } from '../../contract/videos'

export type VideoSelection = {
  readonly ids: ReadonlySet<VideoId>
  /** Takes what a list of React Aria says. */
  change(selection: Selection): void
  clear(): void
  /** In the order of the list; what is not shown any more is not chosen. */
  videos(shown: readonly Video[]): readonly Video[]
}

/** Which videos a person has ticked. All of a list are those that it shows by then. */
export function useSelection(shown: readonly Video[]): VideoSelection {
  const [ids, setIds] = useState<ReadonlySet<VideoId>>(new Set())
  return {
    ids,
    change(selection) {
      setIds(new Set(shown.filter(({ id }) => selection === 'all' || selection.has(id)).map(({ id }) => id)))
    },
    clear: () => setIds(new Set()),
    videos: (list) => list.filter(({ id }) => ids.has(id)),
  }
}
