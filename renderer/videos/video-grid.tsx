import { useTranslation } from '../locales/use-translation'
import { useMemo } from 'react'
import {
  Collection,
  GridLayout,
  GridList,
  GridListItem,
  GridListLoadMoreItem,
  Size,
  Virtualizer,
} from 'react-aria-components'
import type { Video } from '../../contract/videos'
import { SelectBox } from '../controls/select-box'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { FileName } from '../uploads/file-name'
import { openVideo } from './open-video'
import { Thumbnail } from './thumbnail'
import type { VideoSelection } from './use-selection'
import type { VideoList } from './use-videos'
import { VideoActions } from './video-actions'

const cardWidthPx = { least: 230, most: 414 }
/** Below its picture: name, facts and buttons. Where they take more, the picture gives way (`library.css`). */
const wordsHeightPx = 114
const spacePx = 16

/**
 * Heights follow from widths, so no card is ever measured: measuring each one that comes into view lays the page out anew, which
 * is most of what a frame of scrolling would take.
 */
const cardSize = (widthPx: number, scale: number): Size =>
  new Size(widthPx * scale, ((widthPx * 9) / 16 + wordsHeightPx) * scale)

type Props = { readonly videos: readonly Video[]; readonly list: VideoList; readonly selection: VideoSelection }

/** The library as pictures; only the rows in view are in the document. */
export function VideoGrid({ videos, list, selection }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const scale = useMirror((mirror) => mirror.settings.textSizePercent) / 100
  const layoutOptions = useMemo(
    () => ({
      minItemSize: cardSize(cardWidthPx.least, scale),
      maxItemSize: cardSize(cardWidthPx.most, scale),
      preserveAspectRatio: true,
      minSpace: new Size(spacePx, spacePx),
      maxHorizontalSpace: spacePx,
    }),
    [scale],
  )
  return (
    <div>
      <Virtualizer layout={GridLayout} layoutOptions={layoutOptions}>
        <GridList
          aria-label={t('videos.list')}
          layout="grid"
          className="videos"
          keyboardNavigationBehavior="tab"
          selectionMode="multiple"
          selectedKeys={selection.ids}
          onSelectionChange={selection.change}
          onAction={(key) => {
            const video = videos.find(({ id }) => id === key)
            if (video) openVideo('play', video)
          }}
        >
          <Collection items={videos}>{(video) => <Card video={video} />}</Collection>
          <GridListLoadMoreItem onLoadMore={list.loadMore} isLoading={list.isLoadingMore} className="load-more">
            {t('videos.loadingMore')}
          </GridListLoadMoreItem>
        </GridList>
      </Virtualizer>
    </div>
  )
}

function Card({ video }: { readonly video: Video }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <GridListItem id={video.id} textValue={video.filename} className="video-card">
      <Thumbnail video={video} />
      <SelectBox label={t('downloads.select', { name: isolate(video.filename) })} />
      <div className="video-card-words">
        <p className="video-card-name">
          <FileName name={video.filename} />
        </p>
        <p className="muted small video-card-facts">
          <span>{format.bytes(video.sizeBytes)}</span>
          <span>{format.date(new Date(video.createdAt))}</span>
        </p>
      </div>
      <VideoActions video={video} />
    </GridListItem>
  )
}
