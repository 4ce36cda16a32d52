import { userIdSchema, type UserId } from '../../contract/ids'
import type { Actor } from '../audit/audit'
import { findUser, findUserByKey, usernameKeyOf, type UserRow } from '../accounts/users-table'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'

/** What every act of staff needs: over HTTP and at the command line of the machine alike. */
export type StaffParts = {
  readonly db: Database
  readonly now: () => number
  /** Of users who have no quota yet. */
  readonly limits: DefaultLimits
  /** Called after each commit, so that whom it concerns hears of it at once. */
  readonly onActed: () => Promise<void>
}

export type Why = { readonly reason: string; readonly ticket?: string | undefined }

export type Target = { readonly userId: UserId; readonly user: UserRow }

/** Does something in one transaction with its line of the audit log, by somebody who may at that moment. */
export async function act<Result>(
  { db, onActed }: Pick<StaffParts, 'db' | 'onActed'>,
  actor: Actor,
  work: (transaction: Database) => Promise<Result>,
): Promise<Result> {
  const result = await db.transaction().execute(async (transaction) => {
    await requireStaff(transaction, actor)
    return work(transaction)
  })
  await onActed()
  return result
}

/** Rights are looked at where they are used: a role that was taken a moment ago does nothing any more. */
async function requireStaff(transaction: Database, { kind, userId }: Actor): Promise<void> {
  if (kind !== 'staff') return
  const user = userId === null ? undefined : await findUser(transaction, userId)
  if (user?.role !== 'staff' || user.disabledAt !== null) throw new ProblemError('forbidden')
}

/** @throws ProblemError `not_found` */
export async function findTarget(db: Database, username: string): Promise<Target> {
  const user = await findUserByKey(db, usernameKeyOf(username))
  if (user === undefined) throw new ProblemError('not_found', { detail: `There is no user ${username.slice(0, 256)}.` })
  return { userId: userIdSchema.parse(user.id), user }
}
