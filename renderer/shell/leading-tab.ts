/**
 * True in one of the tabs that show this app: the one that says to the system what is to be said once. The browser itself hands
 * that over when the tab that has it goes, however it goes.
 */
let isLeading = false

/** From now on this tab waits for its turn. A browser without locks has one tab in mind, so that each of its tabs leads. */
export function queueToLead(): void {
  if (!('locks' in navigator)) {
    isLeading = true
    return
  }
  const never = new Promise<void>(() => undefined)
  navigator.locks
    .request('reelport.leading-tab', () => {
      isLeading = true
      return never
    })
    .catch(() => {
      isLeading = true
    })
}

export const isLeadingTab = (): boolean => isLeading
