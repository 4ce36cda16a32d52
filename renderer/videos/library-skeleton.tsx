import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'

/** An answer that comes sooner needs no stand-in. */
const shownAfterMs = 300
const cards = [0, 1, 2, 3, 4, 5]

/** Stands in for the library while it loads. */
export function LibrarySkeleton(): React.JSX.Element {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), shownAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="skeletons" aria-busy>
      <p className="only-read">{t('common.loading')}</p>
      {isShown && cards.map((card) => <div key={card} className="skeleton" aria-hidden />)}
    </div>
  )
}
