/** Somebody went to a section whose heading is not drawn yet. */
let isWanted = false

/** Puts the focus on the heading of the section: at once, or when it is drawn. */
export function focusPageTitle(): void {
  const title = document.getElementById('page-title')
  isWanted = title === null
  title?.focus()
}

/** A heading was drawn: where somebody waits for it, it takes the focus. */
export function titleIsDrawn(): void {
  if (isWanted) focusPageTitle()
}
