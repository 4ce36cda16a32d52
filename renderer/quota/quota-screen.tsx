import { CircleAlert, FileVideo, MessageCircleQuestion } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { QuotaAnswer } from '../../contract/quota'
import { Button } from '../controls/button'
import { useFormat } from '../format/use-format'
import { PageHeader } from '../frame/page-header'
import { useMirror } from '../state/mirror'
import { QuotaAge } from './quota-age'
import { largestFileBytes, minutesPart, videosPart } from './quota-facts'
import { ask } from '../state/queries'
import { AskDialog } from '../support/ask-dialog'
import { RequestNote } from '../support/request-note'
import { SupportActs } from '../support/support-acts'
import { QuotaMeter } from './quota-meter'
import { Statement } from './statement'

/** What may still be sent, what was used, what is stored, and how that is counted. */
export function QuotaScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const { quota } = useMirror((mirror) => mirror.quota)
  const [isAsking, setIsAsking] = useState(false)
  const isFull = quota !== null && [videosPart(quota), minutesPart(quota)].some(({ level }) => level === 'full')
  return (
    <>
      <PageHeader title={t('quota.title')}>
        <QuotaAge />
        {quota && (
          <Button variant={isFull ? 'primary' : 'secondary'} icon={MessageCircleQuestion} onPress={() => setIsAsking(true)}>
            {t('acts.ask')}
          </Button>
        )}
      </PageHeader>
      <RequestNote />
      {quota && <QuotaBlocks quota={quota} />}
      <SupportActs />
      <section className="card" aria-labelledby="quota-rules">
        <h2 id="quota-rules">{t('quota.rulesTitle')}</h2>
        <ul className="rules">
          <li>{t('quota.ruleStart')}</li>
          <li>{t('quota.ruleDone')}</li>
          <li>{t('quota.ruleCancelled')}</li>
          <li>{t('quota.deletingNote')}</li>
          <li>{t('quota.ruleUnits')}</li>
        </ul>
      </section>
      <Statement queryKey={['quota', 'statement']} load={(cursor) => ask('quota:history', { cursor })} />
      {isAsking && quota && <AskDialog quota={quota} onClose={() => setIsAsking(false)} />}
    </>
  )
}

function QuotaBlocks({ quota }: { readonly quota: QuotaAnswer }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const videos = videosPart(quota)
  const minutes = minutesPart(quota)
  const largestBytes = largestFileBytes(quota)
  return (
    <>
      {(videos.level === 'full' || minutes.level === 'full') && (
        <div className="notice" data-tone="danger" role="note">
          <CircleAlert size={20} aria-hidden />
          <p>{t('quota.fullNext')}</p>
        </div>
      )}
      <div className="quota-blocks">
        <section className="card" aria-label={t('quota.meterVideos')}>
          <QuotaMeter kind="videos" part={videos} />
        </section>
        <section className="card" aria-label={t('quota.meterMinutes')}>
          <QuotaMeter kind="minutes" part={minutes} />
        </section>
        <section className="card quota-largest" aria-labelledby="quota-largest">
          <h2 id="quota-largest">
            <FileVideo size={18} aria-hidden /> {t('quota.largestFile')}
          </h2>
          <p className="figure">{largestBytes === null ? t('quota.noLimit') : format.bytes(largestBytes)}</p>
        </section>
      </div>
      <Comparison quota={quota} />
    </>
  )
}

/** Used and stored differ after a deletion; side by side, nobody has to guess why. */
function Comparison({ quota }: { readonly quota: QuotaAnswer }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { usage, stored } = quota
  const videos = (count: number): string => t('quota.videosCount', { count, num: format.number(count) })
  return (
    <section className="card" aria-labelledby="quota-comparison">
      <h2 id="quota-comparison">{t('quota.comparison')}</h2>
      <dl className="comparison">
        <div>
          <dt>{t('quota.used')}</dt>
          <dd>{videos(usage.videos_count)}</dd>
          <dd>{format.duration(usage.total_duration)}</dd>
        </div>
        <div>
          <dt>{t('quota.stored')}</dt>
          <dd>{videos(stored.videos_count)}</dd>
          <dd>{format.duration(stored.total_duration)}</dd>
          <dd>{t('quota.storedSize', { size: format.bytes(stored.total_bytes) })}</dd>
        </div>
      </dl>
    </section>
  )
}
