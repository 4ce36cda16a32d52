import { FolderPlus, Plus, Upload } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { useFormat } from '../format/use-format'
import { PageHeader } from '../frame/page-header'
import { addKeys } from '../frame/shortcuts-list'
import { isolate } from '../format/format'
import { QuotaCard } from '../quota/quota-card'
import { floorToTenth, largestFileBytes, minutesPart, videosPart } from '../quota/quota-facts'
import { useMirror } from '../state/mirror'
import { BulkActions } from './bulk-actions'
import { chooseFiles } from './choose-files'
import { IntakeProgress } from './intake-progress'
import { Queue } from './queue'

/** Home: the quota, the way to add videos, and the queue. */
export function UploadsScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const isEmpty = useMirror((mirror) => mirror.transferOrder.length === 0)
  return (
    <>
      <PageHeader title={t('uploads.title')}>
        <BulkActions />
        {!isEmpty && <AddButtons />}
      </PageHeader>
      <QuotaCard />
      <IntakeProgress />
      {isEmpty ? <EmptyQueue /> : <Queue />}
    </>
  )
}

function AddButtons(): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <>
      <Button icon={FolderPlus} onPress={() => void chooseFiles('folder')}>
        {t('uploads.chooseFolder')}
      </Button>
      <Button variant="primary" icon={Plus} onPress={() => void chooseFiles('files')}>
        {t('uploads.addVideos')}
      </Button>
    </>
  )
}

/** Nothing in the queue yet: the largest thing on the screen is what to do. */
function EmptyQueue(): React.JSX.Element {
  const { t } = useTranslation()
  const limits = useLimitWords()
  return (
    <section className="drop-target" aria-labelledby="drop-title">
      <span className="bare-icon">
        <Upload size={26} aria-hidden />
      </span>
      <h2 id="drop-title">{t('uploads.emptyTitle')}</h2>
      {limits !== '' && <p className="muted">{limits}</p>}
      <div className="actions">
        <Button variant="primary" icon={Plus} onPress={() => void chooseFiles('files')}>
          {t('uploads.addVideos')}
        </Button>
        <Button icon={FolderPlus} onPress={() => void chooseFiles('folder')}>
          {t('uploads.chooseFolder')}
        </Button>
      </div>
      <p className="muted small">{t('uploads.emptyHint', { keys: isolate(addKeys) })}</p>
    </section>
  )
}

/** The limits in one line: "Up to 500 MB each — 10 videos left, 10 minutes left". */
function useLimitWords(): string {
  const { t } = useTranslation()
  const format = useFormat()
  const { quota } = useMirror((mirror) => mirror.quota)
  if (!quota) return ''
  const largestBytes = largestFileBytes(quota)
  const videosLeft = videosPart(quota).left
  const minutesLeft = minutesPart(quota).left
  const counted = (value: number): { count: number; num: string } => {
    const shown = floorToTenth(value)
    return { count: shown, num: format.number(shown, 1) }
  }
  const words = [
    ...(largestBytes === null ? [] : [t('uploads.emptyLimits', { size: format.bytes(largestBytes) })]),
    ...(videosLeft === null || minutesLeft === null
      ? []
      : [
          t('uploads.emptyLeft', {
            videos: t('quota.videosLeft', counted(videosLeft)),
            minutes: t('quota.minutesLeft', counted(minutesLeft)),
          }),
        ]),
  ]
  return words.join(t('common.separator'))
}
