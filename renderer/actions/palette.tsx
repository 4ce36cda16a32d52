import { Search } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Autocomplete, Input, Label, Menu, MenuItem, SearchField, useFilter } from 'react-aria-components'
import { Dialog } from '../controls/dialog'
import { isolate } from '../format/format'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { actionsFor, type TransferAction } from '../uploads/transfer-actions'
import { iconOfAction } from '../uploads/transfer-icons'
import { useRowActions } from '../uploads/use-row-actions'
import { type PageAction, useActions } from './use-actions'

/** Rows whose actions are listed too: the ones of a queue that one can still oversee. */
const mostRows = 50

/** Ctrl+K: every action of the app, found by its words and done with Enter. */
export function Palette(): React.JSX.Element {
  const { t } = useTranslation()
  const isOpen = useView((view) => view.overlay === 'palette')
  const { closeOverlay } = useView((view) => view.actions)
  return (
    <Dialog title={t('shell.palette.title')} isOpen={isOpen} onClose={closeOverlay}>
      <Finder onDone={closeOverlay} />
    </Dialog>
  )
}

function Finder({ onDone }: { onDone(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const { contains } = useFilter({ sensitivity: 'base', ignorePunctuation: true })
  const actions = [...useActions().filter(({ id }) => id !== 'show-palette'), ...useActionsOnRows()]
  const run = (id: React.Key): void => {
    // Closed first: what it opens takes the focus, and gives it back to where it was before the list.
    onDone()
    actions.find((action) => action.id === id)?.run()
  }
  return (
    <div className="finder">
      <Autocomplete filter={contains}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- an open dialogue has to say where the focus begins */}
        <SearchField className="search" autoFocus>
          <Label className="only-read">{t('shell.palette.label')}</Label>
          <Search size={16} aria-hidden className="search-icon" />
          <Input className="field-input search-input" dir="auto" placeholder={t('shell.palette.label')} />
        </SearchField>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it */}
        <section className="palette" aria-label={t('shell.palette.title')} tabIndex={0}>
          <Menu
            items={actions}
            className="options"
            aria-label={t('shell.palette.title')}
            onAction={run}
            renderEmptyState={() => <p className="muted palette-empty">{t('shell.palette.empty')}</p>}
          >
            {({ id, label, icon: Icon, keys }) => (
              <MenuItem id={id} textValue={label} className="option palette-option">
                <Icon size={18} aria-hidden />
                <span className="palette-label">{label}</span>
                {keys && (
                  <span dir="ltr" className="palette-keys">
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                )}
              </MenuItem>
            )}
          </Menu>
        </section>
      </Autocomplete>
    </div>
  )
}

/** What can be done with each row of the queue, by the name of its file. */
function useActionsOnRows(): readonly PageAction[] {
  const { t } = useTranslation()
  const runRow = useRowActions()
  const capabilities = useMirror((mirror) => mirror.app.capabilities)
  const rows = Object.values(useMirror((mirror) => mirror.transfersById)).slice(-mostRows)
  return rows.flatMap((row) =>
    actionsFor(row, capabilities).map((action: TransferAction) => ({
      id: `${action} ${row.id}`,
      label: t('uploads.actionOn', { action: t(`uploads.action.${action}`), name: isolate(row.name) }),
      icon: iconOfAction[action],
      run: () => {
        window.location.hash = '/'
        runRow(action, row.id)
      },
    })),
  )
}
