import type { CommandName } from '../contract/desktop'

/** What staff ask of main. A page of anybody else may ask too: the backend refuses it. */
export const staffCommandNames: { readonly [Name in Extract<CommandName, `staff:${string}`>]: true } = {
  'staff:search': true,
  'staff:user': true,
  'staff:ledger': true,
  'staff:explain': true,
  'staff:reset': true,
  'staff:undo': true,
  'staff:grant': true,
  'staff:limits': true,
  'staff:change-account': true,
  'staff:sessions': true,
  'staff:end-sessions': true,
  'staff:tokens': true,
  'staff:end-token': true,
  'staff:audit': true,
}
