import { create } from 'zustand'
import type { TransferId } from '../../contract/ids'
import type { NoticeTarget } from '../../contract/shell'
import { sections } from '../frame/sections'

/** The row that somebody came for, until it has the focus. */
export const useWantedRow = create<{ readonly id: TransferId | null }>(() => ({ id: null }))

/** Goes to what a notice, a link or a click outside the window is about. */
export function openTarget(target: NoticeTarget): void {
  const name = target.kind === 'section' ? target.section : 'uploads'
  const section = sections.find((each) => each.name === name)
  // The router follows the address; it has no other way in from outside of a component.
  window.location.hash = section?.path ?? '/'
  if (target.kind === 'transfer') useWantedRow.setState({ id: target.id })
}
