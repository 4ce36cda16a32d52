import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { SupportCode as Code } from '../../contract/support'
import { Button } from '../controls/button'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'

/** Three words to read out on the telephone: with them support sees how this app stands, for half an hour. */
export function SupportCode(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const [isPending, setIsPending] = useState(false)
  const [made, setMade] = useState<Code | null>(null)
  const make = async (): Promise<void> => {
    setIsPending(true)
    const reply = await command('support:make-code', undefined)
    setIsPending(false)
    if (reply.ok) setMade(reply.value)
    else report(reply.failure)
  }
  return (
    <section className="support-code" aria-label={t('acts.code.title')}>
      <p>{t('acts.code.help')}</p>
      <output className="support-words" aria-live="polite">
        {made && (
          <>
            <strong lang="en" dir="ltr">
              {made.code.replaceAll('-', ' ')}
            </strong>
            <span className="muted">{t('acts.code.until', { time: format.time(new Date(made.expiresAt)) })}</span>
          </>
        )}
      </output>
      <Button icon={MessagesSquare} isPending={isPending} onPress={() => void make()}>
        {made ? t('acts.code.again') : t('acts.code.make')}
      </Button>
    </section>
  )
}
