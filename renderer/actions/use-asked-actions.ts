import { useEffect, useRef } from 'react'
import { onEvent } from '../desktop'
import { useActions } from './use-actions'

/** Does what a menu of the system asks for. */
export function useAskedActions(): void {
  const actions = useActions()
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  }, [actions])
  useEffect(() => onEvent('action:asked', (asked) => latest.current.find(({ id }) => id === asked)?.run()), [])
}
