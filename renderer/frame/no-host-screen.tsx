import { Unplug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { BareScreen } from './bare-screen'

/** The page was opened without an app behind it, or that app does not know it: nothing would work, so it says how to get there. */
export function NoHostScreen({ isRefused = false }: { readonly isRefused?: boolean }): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <BareScreen title={t('common.productName')} icon={Unplug}>
      <p>{t(isRefused ? 'common.windowRefused' : 'common.noHost')}</p>
    </BareScreen>
  )
}
