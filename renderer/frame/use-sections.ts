import { useMirror } from '../state/mirror'
import { sections, type Section } from './sections'

/** The sections of whoever is signed in: what a role is for is not even named to anybody else. */
export function useSections(): readonly Section[] {
  const isStaff = useIsStaff()
  return isStaff ? sections : sections.filter(({ name }) => name !== 'staff')
}

/** Whether the signed-in person has the role of support staff. */
export const useIsStaff = (): boolean =>
  useMirror(({ session }) => session.kind === 'signed-in' && session.user.role === 'staff')
