import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { VideoId } from '../../contract/ids'
import type { Video, VideoSort } from '../../contract/videos'
import { ask } from '../state/queries'
import { useDeletions } from './deletions'

export type VideoList = {
  /** Null until the first answer. */
  readonly videos: readonly Video[] | null
  readonly error: Error | null
  readonly isLoadingMore: boolean
  loadMore(): void
  refresh(): void
}

/** A picture is made in the moments after a video arrived; one that is not there by then failed and is not waited for. */
const thumbnailWaitMs = 60_000
const thumbnailPollMs = 3_000

/** Tells whether a picture may still come for one of these: nothing says when it does, so the list is asked again. */
export const awaitsThumbnail = (videos: readonly Pick<Video, 'hasThumbnail' | 'createdAt'>[], now: Date): boolean =>
  videos.some((video) => !video.hasThumbnail && now.getTime() - Date.parse(video.createdAt) < thumbnailWaitMs)

/** The library page by page; what is being deleted is left out at once. */
export function useVideos({ query, sort }: { readonly query: string; readonly sort: VideoSort }): VideoList {
  const deleting = useDeletions((deletions) => deletions.ids)
  const result = useInfiniteQuery({
    queryKey: ['videos', 'list', { query, sort }],
    queryFn: ({ pageParam }) => ask('videos:list', { cursor: pageParam, query, sort }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // While another search is on its way the former result stays in view instead of a flash of nothing.
    placeholderData: (former) => former,
    refetchInterval: ({ state }) => {
      const videos = state.data?.pages.flatMap((page) => page.videos) ?? []
      return awaitsThumbnail(videos, new Date()) && thumbnailPollMs
    },
  })
  const { data, error, hasNextPage, isFetchingNextPage } = result
  return {
    videos: data ? data.pages.flatMap((page) => page.videos).filter((video) => !deleting.has(video.id)) : null,
    error,
    isLoadingMore: isFetchingNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void result.fetchNextPage()
    },
    refresh: () => void result.refetch(),
  }
}

/** Addresses of one video's bytes and picture, good for this window until sign-out. */
export function useMediaUrl(id: VideoId): { readonly contentUrl: string; readonly thumbnailUrl: string } | null {
  const { data } = useQuery({
    queryKey: ['media-url', id],
    queryFn: () => ask('videos:media-url', id),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? null
}
