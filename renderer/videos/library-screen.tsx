import { Clapperboard, CloudOff, SearchX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Video, VideoSort } from '../../contract/videos'
import { Button } from '../controls/button'
import { usePaused } from '../controls/use-paused'
import { DownloadDialog } from '../downloads/download-dialog'
import { FailedPart } from '../failures/failed-part'
import { isolate } from '../format/format'
import { PageHeader } from '../frame/page-header'
import { Strip } from '../frame/strip'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { chooseFiles } from '../uploads/choose-files'
import { LibraryControls } from './library-controls'
import { LibrarySkeleton } from './library-skeleton'
import { SelectionBar } from './selection-bar'
import { useSelection, type VideoSelection } from './use-selection'
import { useVideos, type VideoList } from './use-videos'
import { VideoDialogs } from './video-dialogs'
import { VideoGrid } from './video-grid'
import { VideoTable } from './video-table'

/** Everything that arrived: to find, play, download, look at closely and delete. */
export function LibraryScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [sort, setSort] = useState<VideoSort>('newest')
  const query = usePaused(text.trim())
  const list = useVideos({ query, sort })
  const selection = useSelection(list.videos ?? [])
  const selected = selection.videos(list.videos ?? [])
  return (
    <>
      <PageHeader title={t('videos.title')}>
        <LibraryControls text={text} onText={setText} sort={sort} onSort={setSort} isEmpty={list.videos?.length === 0} />
      </PageHeader>
      {list.videos === null ? (
        <FirstLoad list={list} />
      ) : (
        <>
          {list.error && <StaleStrip list={list} />}
          {selected.length > 0 && <SelectionBar selected={selected} onClear={selection.clear} />}
          <Videos videos={list.videos} list={list} selection={selection} query={query} onClear={() => setText('')} />
        </>
      )}
      <VideoDialogs />
      <DownloadDialog onAdded={selection.clear} />
    </>
  )
}

type VideosProps = {
  readonly videos: readonly Video[]
  readonly list: VideoList
  readonly selection: VideoSelection
  readonly query: string
  onClear(): void
}

function Videos({ videos, list, selection, query, onClear }: VideosProps): React.JSX.Element {
  const { t } = useTranslation()
  const view = useMirror((mirror) => mirror.settings.libraryView)
  useWantedVideo(videos)
  if (videos.length === 0 && query !== '') {
    return (
      <section className="card empty" aria-labelledby="library-empty">
        <SearchX size={28} aria-hidden />
        <h2 id="library-empty">{t('videos.noResult', { query: isolate(query) })}</h2>
        <Button onPress={onClear}>{t('videos.clearSearch')}</Button>
      </section>
    )
  }
  if (videos.length === 0) {
    return (
      <section className="card empty" aria-labelledby="library-empty">
        <Clapperboard size={28} aria-hidden />
        <h2 id="library-empty">{t('videos.emptyTitle')}</h2>
        <p className="muted">{t('videos.emptyText')}</p>
        <Button variant="primary" onPress={() => void chooseFiles('files')}>
          {t('uploads.addVideos')}
        </Button>
      </section>
    )
  }
  const Shown = view === 'grid' ? VideoGrid : VideoTable
  return <Shown videos={videos} list={list} selection={selection} />
}

/** Brings the focus to the video that "Show in library" asked for, once it is in the list. */
function useWantedVideo(videos: readonly Video[]): void {
  const wantedId = useView((view) => view.wantedVideoId)
  const { wantVideo } = useView((view) => view.actions)
  const isListed = wantedId !== null && videos.some(({ id }) => id === wantedId)
  useEffect(() => {
    if (!isListed || wantedId === null) return undefined
    // The list draws its rows only after it has measured itself, some frames after its data came.
    let framesLeft = 30
    let frame = 0
    const look = (): void => {
      const row = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(wantedId)}"]`)
      framesLeft -= 1
      if (!row && framesLeft > 0) {
        frame = requestAnimationFrame(look)
        return
      }
      row?.focus()
      wantVideo(null)
    }
    frame = requestAnimationFrame(look)
    return () => cancelAnimationFrame(frame)
  }, [isListed, wantedId, wantVideo])
}

/** Nothing to show yet: a skeleton, or what stands in the way. */
function FirstLoad({ list }: { readonly list: VideoList }): React.JSX.Element {
  const { t } = useTranslation()
  const { error, refresh } = list
  return error ? <FailedPart title={t('videos.failedTitle')} error={error} onRetry={refresh} /> : <LibrarySkeleton />
}

function StaleStrip({ list }: { readonly list: VideoList }): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <Strip tone="warn" icon={<CloudOff size={18} aria-hidden />} text={t('videos.staleList')}>
      <Button variant="quiet" onPress={list.refresh}>
        {t('common.retry')}
      </Button>
    </Strip>
  )
}
