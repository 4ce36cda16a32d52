import { useTranslation } from 'react-i18next'
import { Dialog } from '../controls/dialog'
import { useView } from '../state/view'
import { ShortcutsList } from './shortcuts-list'

/** The list that `?` opens. */
export function ShortcutsDialog(): React.JSX.Element {
  const { t } = useTranslation()
  const isOpen = useView((view) => view.isShortcutsOpen)
  const { closeShortcuts } = useView((view) => view.actions)
  return (
    <Dialog title={t('frame.shortcuts')} isOpen={isOpen} onClose={closeShortcuts} size="small">
      <ShortcutsList />
    </Dialog>
  )
}
