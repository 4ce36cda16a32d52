import { memo } from 'react'
import { useTranslation } from '../../locales/use-translation'
import {
  Cell,
  Collection,
  Column,
  Row,
  type Selection,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  TableLoadMoreItem,
  Virtualizer,
} from 'react-aria-components'
import { useLocation } from 'wouter'
import type { QuotaState, StaffUser } from '../../../contract/staff'
import { SelectBox } from '../../controls/select-box'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { useMirror } from '../../state/mirror'

const rowPx = 56
const headingPx = 40

type Props = {
  readonly people: readonly StaffUser[]
  readonly hasMore: boolean
  readonly loadMore: () => void
  readonly chosen: ReadonlySet<string>
  onChoose(chosen: Selection): void
}

/**
 * Everybody found; only those in view are in the document. Drawn again only for what it shows: while more are asked for, somebody
 * turns the wheel.
 */
export const PeopleTable = memo(function PeopleTable(props: Props): React.JSX.Element {
  const { people, hasMore, loadMore, chosen, onChoose } = props
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const scale = useMirror((mirror) => mirror.settings.textSizePercent) / 100
  return (
    <div className="card table-card people-card">
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: rowPx * scale, headingHeight: headingPx * scale }}>
        <Table
          aria-label={t('staff.people.title')}
          className="video-table people-table"
          selectionMode="multiple"
          selectedKeys={chosen}
          onSelectionChange={onChoose}
          onRowAction={(key) => navigate(`/staff/users/${String(key)}`)}
        >
          <TableHeader className="video-table-head">
            <Column id="select" width={44 * scale} minWidth={44 * scale}>
              <SelectBox label={t('staff.people.chooseAll')} />
            </Column>
            <Column id="name" isRowHeader width="2fr" minWidth={150 * scale}>
              {t('staff.people.name')}
            </Column>
            <Column id="mail" width="2fr" minWidth={120 * scale}>
              {t('staff.people.mail')}
            </Column>
            <Column id="videos" width="1fr" minWidth={96 * scale}>
              {t('quota.videos')}
            </Column>
            <Column id="minutes" width="1fr" minWidth={104 * scale}>
              {t('quota.minutes')}
            </Column>
          </TableHeader>
          <TableBody>
            <Collection items={people}>{(person) => <PersonRow person={person} />}</Collection>
            <TableLoadMoreItem onLoadMore={loadMore} isLoading={hasMore} className="load-more" scrollOffset={4}>
              {t('staff.people.loadingMore')}
            </TableLoadMoreItem>
          </TableBody>
        </Table>
      </Virtualizer>
    </div>
  )
})

function PersonRow({ person }: { readonly person: StaffUser }): React.JSX.Element {
  const { t } = useTranslation()
  const { username, displayName, email, role, disabledAt, quota } = person
  return (
    <Row id={username} textValue={displayName ?? username} className="video-row">
      <Cell className="video-cell people-cell">
        <SelectBox label={t('staff.people.choose', { name: isolate(displayName ?? username) })} />
      </Cell>
      <Cell className="video-cell people-cell people-name">
        <span className="people-names">
          <bdi>{displayName ?? username}</bdi>
          {displayName !== null && (
            <bdi className="muted small" dir="auto">
              {username}
            </bdi>
          )}
        </span>
        {role === 'staff' && <span className="tag">{t('staff.title')}</span>}
        {disabledAt !== null && (
          <span className="tag" data-tone="bad">
            {t('staff.person.disabled')}
          </span>
        )}
      </Cell>
      <Cell className="video-cell people-cell">
        <bdi className="people-mail">{email ?? ''}</bdi>
      </Cell>
      <Cell className="video-cell people-cell">{useVideosWords(quota)}</Cell>
      <Cell className="video-cell people-cell">{useMinutesWords(quota)}</Cell>
    </Row>
  )
}

/** "18 of 20"; without a limit what is used alone. */
function useVideosWords({ usedVideos, maxVideos }: QuotaState): string {
  const { t } = useTranslation()
  const format = useFormat()
  const used = format.number(usedVideos)
  return maxVideos === null ? used : t('staff.people.of', { used, limit: format.number(maxVideos) })
}

function useMinutesWords({ usedSeconds, maxSeconds }: QuotaState): string {
  const { t } = useTranslation()
  const format = useFormat()
  const used = format.number(usedSeconds / 60, 1)
  return maxSeconds === null ? used : t('staff.people.of', { used, limit: format.number(maxSeconds / 60, 1) })
}
