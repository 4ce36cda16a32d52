import { useTranslation } from '../locales/use-translation'
import type { Failure } from '../../contract/failures'
import { notify } from '../controls/toasts'
import { useFormat } from '../format/use-format'
import { describeFailure } from './describe-failure'

/** Shows a failed action in words: a notice that stays until it is closed. Null is no failure and says nothing. */
export function useReport(): (failure: Failure | null) => void {
  const { t } = useTranslation()
  const format = useFormat()
  return (failure) => {
    if (!failure) return
    const { happened, safe, next } = describeFailure(failure, { t, format })
    notify({ tone: 'danger', title: happened, detail: `${safe} ${next}` })
  }
}
