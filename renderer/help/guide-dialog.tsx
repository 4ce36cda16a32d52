import { useTranslation } from '../locales/use-translation'
import { Dialog } from '../controls/dialog'
import { addKeys } from '../frame/shortcuts-list'
import { useView } from '../state/view'

/** Each page of the guide has a picture of the real screen in each language (`npm run screenshots`). */
const pages = ['uploads', 'before-sending', 'library', 'quota', 'devices'] as const

/** A short guide with pictures: what to do, what is safe, and where to look. */
export function GuideDialog(): React.JSX.Element {
  const { t, language } = useTranslation()
  const isOpen = useView((view) => view.overlay === 'guide')
  const { closeOverlay } = useView((view) => view.actions)
  return (
    <Dialog title={t('guide.title')} isOpen={isOpen} onClose={closeOverlay} size="large" isLong>
      <p>{t('guide.intro')}</p>
      {pages.map((page) => (
        <section key={page} className="guide-page" aria-labelledby={`guide-${page}`}>
          <h3 id={`guide-${page}`}>{t(`guide.${page}.title`)}</h3>
          <p>{t(`guide.${page}.text`, { keys: addKeys })}</p>
          <img
            src={`/guide/${page}-${language}.webp`}
            alt={t(`guide.${page}.picture`)}
            width={900}
            height={620}
            loading="lazy"
          />
        </section>
      ))}
    </Dialog>
  )
}
