import { Unplug } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { BareScreen } from './bare-screen'

/** The page was opened without an app behind it: nothing would work, so it says how to get there. */
export function NoHostScreen(): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <BareScreen title={t('common.productName')} icon={Unplug}>
      <p>{t('common.noHost')}</p>
    </BareScreen>
  )
}

/** The app does not know this window (any more), for good: it says how to open another. */
export function WindowRefusedScreen(): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <BareScreen title={t('common.windowRefusedTitle')} icon={Unplug} isAlert alertText={t('common.windowRefused')}>
      <p>{t('common.windowRefused')}</p>
    </BareScreen>
  )
}
