/** What a click on the window's closing button means. */
export type Closing = 'quit' | 'hide' | 'minimise'

/**
 * The window may go while the app goes on only where there is a way back to it: a tray, or a dock. Without one, work goes on
 * in a window that is made small, and an app with nothing to do ends.
 */
export function decideClosing({
  staysWhenClosed,
  hasWayBack,
  isWorking,
}: {
  /** The person's setting. */
  readonly staysWhenClosed: boolean
  readonly hasWayBack: boolean
  readonly isWorking: boolean
}): Closing {
  if (!staysWhenClosed) return 'quit'
  if (hasWayBack) return 'hide'
  return isWorking ? 'minimise' : 'quit'
}
