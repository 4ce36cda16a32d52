import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../locales/use-translation'

/** One setting with its "Saved" beside it; said aloud elsewhere, so hidden from readers here. */
export function Setting({
  isSaved,
  children,
}: {
  readonly isSaved: boolean
  readonly children: ReactNode
}): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="setting">
      {children}
      <span className="saved" data-shown={isSaved || undefined} aria-hidden>
        <Check size={16} /> {t('settings.saved')}
      </span>
    </div>
  )
}
