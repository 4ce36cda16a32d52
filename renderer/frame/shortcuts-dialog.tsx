import { useTranslation } from '../locales/use-translation'
import { Dialog } from '../controls/dialog'
import { useView } from '../state/view'
import { ShortcutsList } from './shortcuts-list'

/** The list that `?` opens. */
export function ShortcutsDialog(): React.JSX.Element {
  const { t } = useTranslation()
  const isOpen = useView((view) => view.overlay === 'shortcuts')
  const { closeOverlay } = useView((view) => view.actions)
  return (
    <Dialog title={t('frame.shortcuts')} isOpen={isOpen} onClose={closeOverlay} size="small">
      <ShortcutsList />
    </Dialog>
  )
}
