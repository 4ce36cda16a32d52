import { createPasswordHasher } from '../accounts/password-hasher'
import { systemRandom } from '../ids'
import type { StaffParts } from '../staff/act'
import { type AccountActs, createAccountActs } from '../staff/account-acts'

/** What staff do to accounts, from this machine. */
export function actsOf(staff: StaffParts): AccountActs {
  return createAccountActs({ ...staff, hasher: createPasswordHasher(systemRandom), random: systemRandom })
}
