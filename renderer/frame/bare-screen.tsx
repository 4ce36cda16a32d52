import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from '../locales/use-translation'
import { LanguageSwitch } from '../sessions/language-switch'
import { alertNow } from './live-regions'
import { Logo } from './logo'

type Props = {
  readonly title: string
  readonly children: ReactNode
  readonly icon?: LucideIcon
  readonly showLanguages?: boolean
  /** Session end and risks of loss only: read out at once, and the heading takes the focus. */
  readonly isAlert?: boolean
  readonly alertText?: string
}

/** A screen that is the whole window: nothing else can be done before it. */
export function BareScreen(props: Props): React.JSX.Element {
  const { title, children, icon: Icon, showLanguages = false, isAlert = false, alertText = '' } = props
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} – ${t('common.productName')}`
    if (!isAlert) return
    heading.current?.focus()
    alertNow(`${title}. ${alertText}`)
  }, [title, alertText, isAlert, t])
  return (
    <div className="bare">
      <header className="bare-head">
        <Logo />
        {showLanguages && <LanguageSwitch />}
      </header>
      <main className="bare-main">
        <section className="card bare-card" aria-labelledby="bare-title">
          {Icon && (
            <span className="bare-icon">
              <Icon size={26} aria-hidden />
            </span>
          )}
          <h1 id="bare-title" tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {children}
        </section>
      </main>
    </div>
  )
}
