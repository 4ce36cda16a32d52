import { useLayoutEffect } from 'react'
import { useLocation } from 'wouter'
import { useReport } from '../failures/use-report'
import { useMirror } from '../state/mirror'
import { type Overlay, useView } from '../state/view'
import { chooseFiles } from '../uploads/choose-files'
import { canTryAgain, runOnRows } from '../uploads/transfer-actions'
import type { Section } from './sections'
import { useSections } from './use-sections'

/** A person who types is not asking for a shortcut. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null

/** Something modal is open: what is behind it cannot be reached by keys either. A notice is called a dialogue too, and is none. */
const isModalOpen = (): boolean => document.querySelector('.veil') !== null

/**
 * The keys of `ui.md` section 3. By `event.code`, the place of the key: Arabic and Thai layouts send other letters. Rows of
 * the queue have their own keys (`transfer-list.tsx`).
 */
export function useShortcuts(): void {
  const [, navigate] = useLocation()
  const { openOverlay } = useView((view) => view.actions)
  const report = useReport()
  const sections = useSections()
  // Before the first paint: whoever sees the window may press a key.
  useLayoutEffect(() => {
    const run = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || isModalOpen()) return
      const action = actionFor(event, { navigate, openOverlay, report, sections })
      if (!action) return
      event.preventDefault()
      event.stopPropagation()
      action()
    }
    // On the way down: React Aria's lists and buttons keep keys to themselves.
    window.addEventListener('keydown', run, { capture: true })
    return () => window.removeEventListener('keydown', run, { capture: true })
  }, [navigate, openOverlay, report, sections])
}

type Doors = {
  navigate(path: string): void
  openOverlay(overlay: Overlay): void
  report: ReturnType<typeof useReport>
  readonly sections: readonly Section[]
}

function actionFor(event: KeyboardEvent, { navigate, openOverlay, report, sections }: Doors): (() => void) | null {
  if (!event.ctrlKey && !event.metaKey) {
    const asksForList = event.code === 'Slash' && event.shiftKey && !isTyping(event.target)
    return asksForList ? () => openOverlay('shortcuts') : null
  }
  if (event.shiftKey) return null
  if (event.code === 'KeyO') return () => void chooseFiles('files')
  if (event.code === 'KeyK') return () => openOverlay('palette')
  if (event.code === 'Comma') return () => navigate('/settings')
  if (event.code === 'KeyR') return retryFailed(report)
  const section = sections[Number(/^Digit(\d)$/.exec(event.code)?.[1] ?? 0) - 1]
  return section ? () => navigate(section.path) : null
}

/** Nothing failed: the key keeps its meaning in the browser, which is to load the page again. */
function retryFailed(report: Doors['report']): (() => void) | null {
  const ids = Object.values(useMirror.getState().transfersById)
    .filter(canTryAgain)
    .map((row) => row.id)
  return ids.length > 0 ? () => void runOnRows('tryAgain', ids).then(report) : null
}
