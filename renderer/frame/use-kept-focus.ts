import { useEffect } from 'react'

/** Where the focus was last, among what can vanish by itself: the row it was on or in, if any. */
type Place = { readonly rowKey: string | null; readonly rowIndex: number }

/** What comes over the page for a moment and gives the focus back: it is not where the person is. */
const passing = '.veil, .toasts'

/** Rows of grids, and items of plain lists that say so. */
const rowSelector = '[role=row][data-key], li[data-key]'

const rowsIn = (main: Element): HTMLElement[] => [...main.querySelectorAll<HTMLElement>(rowSelector)]

function placeOf(element: Element, main: Element): Place {
  const row = element.closest<HTMLElement>(rowSelector)
  return row ? { rowKey: row.dataset['key'] ?? null, rowIndex: rowsIn(main).indexOf(row) } : { rowKey: null, rowIndex: -1 }
}

/** The same row wherever it is now, else the one in its place, else the heading of the section. */
function nearest({ rowKey, rowIndex }: Place, main: Element): HTMLElement | null {
  const rows = rowKey === null ? [] : rowsIn(main)
  const same = rows.find((row) => row.dataset['key'] === rowKey)
  return same ?? rows[Math.min(rowIndex, rows.length - 1)] ?? document.getElementById('page-title')
}

/**
 * Keeps the focus in the section (`#main`) when what had it is taken out of the document: a last row, a button that is
 * replaced by its opposite. A browser would leave it on `body`, and keys would begin at the top of the window.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let place: Place | null = null
    let frame = 0
    const remember = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element) || target.closest(passing)) return
      const main = document.getElementById('main')
      place = main?.contains(target) ? placeOf(target, main) : null
    }
    // A click on nothing takes the focus away on purpose.
    const forget = ({ target }: PointerEvent): void => {
      const isElsewhere = target instanceof Element && !target.closest(passing) && !document.activeElement?.contains(target)
      if (isElsewhere) place = null
    }
    const isLost = (): boolean => place !== null && (document.activeElement ?? document.body) === document.body
    const bringBack = (): void => {
      const main = document.getElementById('main')
      // A dialogue that is open keeps the focus by itself; this is asked again when it goes.
      if (place && main && isLost() && !document.querySelector('.veil')) nearest(place, main)?.focus()
    }
    const observer = new MutationObserver(() => {
      if (!isLost()) return
      cancelAnimationFrame(frame)
      // Lists and dialogues move the focus by themselves where they can, up to a frame later.
      frame = requestAnimationFrame(() => (frame = requestAnimationFrame(bringBack)))
    })
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget, true)
    return () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget, true)
    }
  }, [])
}
