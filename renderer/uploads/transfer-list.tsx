import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { GridList, ListLayout, Virtualizer } from 'react-aria-components'
import type { TransferId } from '../../contract/ids'
import { useWantedRow } from '../shell/open-target'
import { useMirror } from '../state/mirror'
import { TransferRow } from './transfer-row'
import { canPause } from './transfer-actions'
import { useRowActions } from './use-row-actions'

/** From here on only the rows in view are in the document. */
const virtualizedFrom = 100
/** Of a row that has not been drawn, until one has. */
const firstEstimatePx = 88
/** A list draws its rows some frames after it is there. */
const framesToWait = 30

/** Rows of the queue. Arrow keys go from row to row, Tab through the buttons of one; Space and Delete act on the row. */
export function TransferList({
  label,
  ids,
}: {
  readonly label: string
  readonly ids: readonly TransferId[]
}): React.JSX.Element {
  const items = useMemo(() => ids.map((id) => ({ id })), [ids])
  const runRow = useRowActions()
  useFocusOnWantedRow(ids)
  return (
    <div
      onKeyDownCapture={(event) => {
        const row = event.target instanceof HTMLElement && event.target.role === 'row' ? event.target : null
        const id = row && ids.find((candidate) => candidate === row.dataset['key'])
        if (!id || event.ctrlKey || event.metaKey || event.altKey) return
        const action = actionOfKey(event.code, id)
        if (!action) return
        event.preventDefault()
        event.stopPropagation()
        runRow(action, id)
      }}
    >
      <MaybeVirtualized isLong={ids.length > virtualizedFrom}>
        <GridList aria-label={label} items={items} className="transfers" keyboardNavigationBehavior="tab">
          {({ id }) => <TransferRow id={id} />}
        </GridList>
      </MaybeVirtualized>
    </div>
  )
}

/** Who came for a row, from a notice or a link, finds the focus on it. */
function useFocusOnWantedRow(ids: readonly TransferId[]): void {
  const wanted = useWantedRow(({ id }) => (id !== null && ids.includes(id) ? id : null))
  useEffect(() => {
    if (wanted === null) return undefined
    // After the heading has had it, which takes it at every change of section.
    const frame = requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(wanted)}"]`)?.focus()
      useWantedRow.setState({ id: null })
    })
    return () => cancelAnimationFrame(frame)
  }, [wanted])
}

function MaybeVirtualized({ isLong, children }: { readonly isLong: boolean; readonly children: ReactNode }): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  const estimatedRowSize = useRowHeight(list, isLong)
  if (!isLong) return children
  return (
    <div ref={list}>
      <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowSize }} shouldObserveItemSize>
        {children}
      </Virtualizer>
    </div>
  )
}

/**
 * The height of a row as it is drawn, in this language and text size. Most rows of a long list are alike, and one that turns out
 * as high as it was taken for moves nothing: else each that comes into view would lay out all of them again.
 */
function useRowHeight(list: React.RefObject<HTMLElement | null>, isLong: boolean): number {
  const scale = useMirror((mirror) => mirror.settings.textSizePercent)
  const [heightPx, setHeightPx] = useState(firstEstimatePx)
  useEffect(() => {
    if (!isLong) return undefined
    let framesLeft = framesToWait
    let frame = 0
    const look = (): void => {
      const drawnPx = list.current?.querySelector('[role=row]')?.scrollHeight
      framesLeft -= 1
      if (drawnPx !== undefined) setHeightPx(drawnPx)
      else if (framesLeft > 0) frame = requestAnimationFrame(look)
    }
    frame = requestAnimationFrame(look)
    return () => cancelAnimationFrame(frame)
  }, [isLong, list, scale])
  return heightPx
}

/** Space pauses or resumes, Delete cancels or removes, where the row's state allows it. */
function actionOfKey(code: string, id: TransferId): 'pause' | 'resume' | 'cancel' | 'remove' | null {
  const transfer = useMirror.getState().transfersById[id]
  if (!transfer) return null
  const { kind } = transfer.status
  if (code === 'Space') return kind === 'paused' ? 'resume' : canPause(transfer) ? 'pause' : null
  if (code !== 'Delete' && code !== 'Backspace') return null
  if (kind === 'done' || kind === 'duplicate' || kind === 'failed' || kind === 'cancelled') return 'remove'
  return kind === 'verifying' ? null : 'cancel'
}
