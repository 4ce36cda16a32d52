import { CloudOff } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { useFormat } from '../format/use-format'
import { failureOf } from '../state/app-failure'
import { describeFailure } from './describe-failure'

type Props = { readonly title: string; readonly error: Error; onRetry(): void }

/** In the place of something that could not be fetched: what stands in the way, and a way to ask again. */
export function FailedPart({ title, error, onRetry }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { happened, next } = describeFailure(failureOf(error), { t, format })
  return (
    <section className="card empty" role="alert">
      <CloudOff size={28} aria-hidden />
      <h2>{title}</h2>
      <p className="muted">
        {happened} {next}
      </p>
      <Button variant="primary" onPress={onRetry}>
        {t('common.retry')}
      </Button>
    </section>
  )
}
