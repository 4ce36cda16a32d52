/**
 * Puts text on the clipboard within a click. The old way, on purpose: the newer interface asks for a permission, and the
 * window grants none (`security.md`).
 */
export function copyText(text: string): boolean {
  const holder = document.createElement('textarea')
  holder.value = text
  holder.readOnly = true
  holder.className = 'only-read'
  holder.setAttribute('aria-hidden', 'true')
  // Inside the open dialogue where there is one: focus outside it would be taken back before the copy.
  const parent = document.activeElement?.closest('[role=dialog], [role=alertdialog]') ?? document.body
  const focused = document.activeElement
  parent.append(holder)
  holder.select()
  const isCopied = document.execCommand('copy')
  holder.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}
