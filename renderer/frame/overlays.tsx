import { Palette } from '../actions/palette'
import { GuideDialog } from '../help/guide-dialog'
import { SupportDialog } from '../help/support-dialog'
import { ShortcutsDialog } from './shortcuts-dialog'

/** What can be opened over any section; one at a time (`view.overlay`). */
export function Overlays(): React.JSX.Element {
  return (
    <>
      <ShortcutsDialog />
      <Palette />
      <GuideDialog />
      <SupportDialog />
    </>
  )
}
