import { LoaderCircle } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Label, ProgressBar } from 'react-aria-components'
import { useFormat } from '../format/use-format'
import { useIntake } from './intake'

/** What is happening to files between the click and the queue. In a browser their bytes are copied first, which can take long. */
export function IntakeProgress(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const step = useIntake((intake) => intake.step)
  if (step.kind === 'idle') return null
  const counted = { count: step.count, num: format.number(step.count) }
  if (step.kind === 'taking') {
    const { takenBytes, sizeBytes } = step
    const amounts = { taken: format.bytes(takenBytes), size: format.bytes(sizeBytes) }
    const share = sizeBytes === 0 ? 1 : takenBytes / sizeBytes
    return (
      <ProgressBar className="card intake" value={share * 100} valueLabel={format.percent(share)}>
        <Label>{t('uploads.intake.taking', { ...counted, ...amounts })}</Label>
        <div className="bar" aria-hidden>
          <div className="bar-fill" style={{ inlineSize: `${share * 100}%` }} />
        </div>
      </ProgressBar>
    )
  }
  return (
    <div className="card intake intake-words" aria-busy>
      <LoaderCircle size={18} aria-hidden />
      {step.kind === 'inspecting' ? t('uploads.intake.inspecting', counted) : t('uploads.intake.adding', counted)}
    </div>
  )
}
