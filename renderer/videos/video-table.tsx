import { useTranslation } from '../locales/use-translation'
import {
  Cell,
  Collection,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  TableLoadMoreItem,
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

const estimatedRowPx = 60
const headingPx = 40

type Props = { readonly videos: readonly Video[]; readonly list: VideoList; readonly selection: VideoSelection }

/** The library as rows; only those in view are in the document. */
export function VideoTable({ videos, list, selection }: Props): React.JSX.Element {
  const { t } = useTranslation()
  // Columns are measured in px, so they have to grow with the text themselves.
  const scale = useMirror((mirror) => mirror.settings.textSizePercent) / 100
  return (
    <div className="card table-card">
      <Virtualizer
        layout={TableLayout}
        layoutOptions={{ estimatedRowHeight: estimatedRowPx, headingHeight: headingPx * scale }}
        shouldObserveItemSize
      >
        <Table
          aria-label={t('videos.list')}
          className="video-table"
          selectionMode="multiple"
          selectedKeys={selection.ids}
          onSelectionChange={selection.change}
          onRowAction={(key) => {
            const video = videos.find(({ id }) => id === key)
            if (video) openVideo('play', video)
          }}
        >
          <TableHeader className="video-table-head">
            <Column id="select" width={44 * scale} minWidth={44 * scale}>
              <SelectBox label={t('downloads.selectAll')} />
            </Column>
            <Column id="title" isRowHeader width="2.4fr" minWidth={150 * scale}>
              {t('videos.columnTitle')}
            </Column>
            <Column id="length" width="1fr" minWidth={70 * scale}>
              {t('videos.columnLength')}
            </Column>
            <Column id="size" width="1fr" minWidth={70 * scale}>
              {t('videos.columnSize')}
            </Column>
            <Column id="uploaded" width="1.3fr" minWidth={108 * scale}>
              {t('videos.columnUploaded')}
            </Column>
            <Column id="actions" width={160 * scale} minWidth={160 * scale}>
              <span className="only-read">{t('videos.columnActions')}</span>
            </Column>
          </TableHeader>
          <TableBody>
            <Collection items={videos}>{(video) => <VideoRow video={video} />}</Collection>
            <TableLoadMoreItem onLoadMore={list.loadMore} isLoading={list.isLoadingMore} className="load-more">
              {t('videos.loadingMore')}
            </TableLoadMoreItem>
          </TableBody>
        </Table>
      </Virtualizer>
    </div>
  )
}

function VideoRow({ video }: { readonly video: Video }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Row id={video.id} textValue={video.filename} className="video-row">
      <Cell className="video-cell">
        <SelectBox label={t('downloads.select', { name: isolate(video.filename) })} />
      </Cell>
      <Cell className="video-cell video-cell-title">
        <Thumbnail video={video} />
        <FileName name={video.filename} />
      </Cell>
      <Cell className="video-cell">{format.timecode(video.durationSeconds)}</Cell>
      <Cell className="video-cell">{format.bytes(video.sizeBytes)}</Cell>
      <Cell className="video-cell">{format.date(new Date(video.createdAt))}</Cell>
      <Cell className="video-cell">
        <VideoActions video={video} />
      </Cell>
    </Row>
  )
}
