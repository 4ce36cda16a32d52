import { RefreshCw, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { command } from '../desktop'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'

/** How old the numbers are, and a way to ask again. Old numbers stay in view, with their time. */
export function QuotaAge(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { asOf, failure } = useMirror((mirror) => mirror.quota)
  const [isPending, setIsPending] = useState(false)
  const refresh = async (): Promise<void> => {
    setIsPending(true)
    await command('quota:refresh', undefined)
    setIsPending(false)
  }
  const time = asOf === null ? null : format.time(new Date(asOf))
  const words = time === null ? t('quota.never') : failure ? t('quota.stale', { time }) : t('quota.asOf', { time })
  return (
    <div className="quota-age" data-stale={failure !== null || undefined}>
      {failure && <TriangleAlert size={18} aria-hidden />}
      <span>{words}</span>
      <Button variant="quiet" icon={RefreshCw} isPending={isPending} onPress={() => void refresh()}>
        {isPending ? t('quota.refreshing') : failure ? t('common.retry') : t('quota.refresh')}
      </Button>
    </div>
  )
}
