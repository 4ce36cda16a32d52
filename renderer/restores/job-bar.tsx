import { useTranslation } from '../locales/use-translation'
import { ProgressBar } from 'react-aria-components'
import type { JobStatus } from '../../contract/jobs'
import { useFormat } from '../format/use-format'
import { describeStep, shareDone } from './describe-job'

/** How far a job is, as a bar and in words. Not live, so that a reader is not flooded. */
export function JobBar({ job, label }: { readonly job: JobStatus; readonly label: string }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const share = shareDone(job)
  return (
    <div className="job">
      <ProgressBar className="bar" aria-label={label} value={share * 100} valueLabel={format.percent(share)}>
        <div className="bar-fill" style={{ inlineSize: `${share * 100}%` }} />
      </ProgressBar>
      <p className="small">{describeStep(job, { t, format }).join(t('common.separator'))}</p>
    </div>
  )
}
