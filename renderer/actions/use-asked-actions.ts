import { useEffect } from 'react'
import { onEvent } from '../desktop'
import { useActions } from './use-actions'

/** Does what a menu of the system asks for. */
export function useAskedActions(): void {
  const actions = useActions()
  useEffect(() => onEvent('action:asked', (asked) => actions.find(({ id }) => id === asked)?.run()), [actions])
}
