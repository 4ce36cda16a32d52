import type { User } from '../../../contract/sessions'

/** What a person is called: buttons that act on somebody say on whom. */
export const nameOf = ({ displayName, username }: Pick<User, 'displayName' | 'username'>): string => displayName ?? username
