import { Hourglass } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '../locales/use-translation'
import { useFormat } from '../format/use-format'
import { ask } from '../state/queries'

/** That a request waits for an answer, since when and with which words; nothing where none does. */
export function RequestNote(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useQuery({ queryKey: ['quota', 'request'], queryFn: () => ask('quota:request', undefined), staleTime: 0 })
  const request = data?.request
  if (!request || request.answeredBy !== null) return null
  return (
    <div className="notice" data-tone="info" role="note">
      <Hourglass size={20} aria-hidden />
      <div>
        <p className="notice-title">{t('acts.waiting', { date: format.dateTime(new Date(request.at)) })}</p>
        <q className="request-words">{request.message}</q>
      </div>
    </div>
  )
}
