import type { staffCommands } from '../contract/staff-commands'
import type { supportCommands } from '../contract/support-commands'

type Named = keyof typeof supportCommands | keyof typeof staffCommands

/** What staff ask of main, and what users ask about staff. A page of anybody may ask as staff do: the backend refuses it. */
export const supportCommandNames: { readonly [Name in Named]: true } = {
  'quota:history': true,
  'quota:support-acts': true,
  'quota:told': true,
  'quota:request': true,
  'quota:ask': true,
  'support:make-code': true,
  'staff:requests': true,
  'staff:decline': true,
  'staff:read-code': true,
  'staff:backups': true,
  'staff:back-up': true,
  'staff:uploads': true,
  'staff:presets': true,
  'staff:put-preset': true,
  'staff:remove-preset': true,
  'staff:export-audit': true,
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
