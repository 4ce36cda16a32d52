import { CircleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Failure } from '../../contract/failures'
import { describeFailure } from '../failures/describe-failure'
import { useFormat, useNow } from '../format/use-format'

type Props = {
  readonly failure: Failure
  /** Where the form knows better what such a failure means. */
  readonly words?: { readonly happened: string; readonly next: string } | null
}

/**
 * What went wrong with a form as a whole; takes the focus when it appears, so that it is read once. A wait counts down in
 * view only.
 */
export function FormFailure({ failure, words = null }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [failure])
  const { happened, next } = words ?? describeFailure(failure, { t, format })
  return (
    <div className="notice" data-tone="danger" role="alert" tabIndex={-1} ref={box}>
      <CircleAlert size={20} aria-hidden />
      <div>
        <p className="notice-title">{happened}</p>
        <p>
          {failure.code === 'too-many-requests' ? <Countdown key={failure.retryAfterSeconds} failure={failure} /> : next}
        </p>
      </div>
    </div>
  )
}

function Countdown({ failure }: { readonly failure: Extract<Failure, { code: 'too-many-requests' }> }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow('second').getTime()
  const [until] = useState(now + failure.retryAfterSeconds * 1000)
  return <>{t('sessions.tryAgainIn', { time: format.duration(Math.max(0, (until - now) / 1000)) })}</>
}
