import { useTranslation } from '../locales/use-translation'

/** The mark and the name. Not mirrored: a play sign points the same way in every language. */
export function Logo(): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden className="logo-mark">
        <rect width="32" height="32" rx="8" className="logo-ground" />
        <path
          d="M12.2 9.2v13.6a1 1 0 0 0 1.5.87l11.2-6.8a1 1 0 0 0 0-1.72l-11.2-6.8a1 1 0 0 0-1.5.86Z"
          className="logo-play"
        />
        <rect x="6.6" y="9.4" width="2.4" height="13.2" rx="1.2" className="logo-bar" />
      </svg>
      <span className="logo-name">{t('common.productName')}</span>
    </span>
  )
}
