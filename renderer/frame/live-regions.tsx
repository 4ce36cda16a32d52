import { create } from 'zustand'

type Messages = { readonly polite: string; readonly assertive: string }

const useMessages = create<Messages>(() => ({ polite: '', assertive: '' }))

/** Says something when the reader is idle. What may come in a rush goes through `announcer.ts` first. */
export const sayPolitely = (polite: string): void => useMessages.setState({ polite })

/** Interrupts: only for an ended session and risks of data loss. */
export const alertNow = (assertive: string): void => useMessages.setState({ assertive })

/** Both regions exist from the start: readers miss one that appears together with its text. */
export function LiveRegions(): React.JSX.Element {
  const { polite, assertive } = useMessages()
  return (
    <>
      <output className="only-read" data-testid="polite">
        {polite}
      </output>
      <div role="alert" aria-live="assertive" className="only-read" data-testid="assertive">
        {assertive}
      </div>
    </>
  )
}
