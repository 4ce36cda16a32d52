import type { z } from 'zod'
import type { ApiTokenId, SessionId } from '../../contract/ids'
import { userIdSchema } from '../../contract/ids'
import type { Role, SessionEndReason, User } from '../../contract/sessions'
import type { accountCreationSchema } from '../../contract/staff'
import type { PasswordHasher } from '../accounts/password-hasher'
import {
  hasOtherStaff,
  insertUser,
  replacePasswordHash,
  setDisabledAt,
  setRole,
  toUser,
  usernameKeyOf,
} from '../accounts/users-table'
import { type Actor, appendAudit } from '../audit/audit'
import { type Database, isConstraintRefusal } from '../db/database'
import { ProblemError } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { revokeGrants } from '../sessions/revoke-grants'
import { findOwnSession } from '../sessions/sessions-table'
import { type ApiTokenRow, findApiTokenWithUser, removeApiToken, removeApiTokensOf } from '../tokens/api-tokens-table'
import type { TokenScope } from '../tokens/temp-tokens-table'
import { act, findTarget, type StaffParts, type Target, type Why } from './act'

/** What staff do to accounts and to what is signed in to them. @throws ProblemError `not_found`, `forbidden` */
export type AccountActs = {
  /** @throws ProblemError `username_taken` */
  readonly create: (actor: Actor, body: z.infer<typeof accountCreationSchema>) => Promise<User>
  /** @throws ProblemError `last_staff` */
  readonly change: (
    actor: Actor,
    username: string,
    change: Why & { readonly role?: Role | undefined; readonly disabled?: boolean | undefined },
  ) => Promise<void>
  /** A new password, and the end of everything that the old one had opened. */
  readonly setPassword: (actor: Actor, username: string, password: string, why: Why) => Promise<void>
  /** One session, or all of a user. @returns how many have ended */
  readonly endSessions: (actor: Actor, username: string, id: SessionId | null, why: Why) => Promise<number>
  readonly endToken: (actor: Actor, id: ApiTokenId, why: Why) => Promise<void>
}

type Parts = StaffParts & { readonly hasher: Pick<PasswordHasher, 'hash'>; readonly random: RandomSource }

export function createAccountActs(parts: Parts): AccountActs {
  const { now, random, hasher } = parts

  return {
    create: async (actor, { username, password, displayName, email, reason }) => {
      const passwordHash = await hasher.hash(password)
      return act(parts, actor, async (transaction) => {
        const at = now()
        const made = insertUser(transaction, {
          id: newId(userIdSchema, random),
          username: username.normalize('NFC'),
          usernameKey: usernameKeyOf(username),
          displayName: displayName ?? null,
          email: email ?? null,
          passwordHash,
          role: 'user',
          disabledAt: null,
          createdAt: at,
        })
        const row = await made.catch((error: unknown) => {
          if (isConstraintRefusal(error)) throw new ProblemError('username_taken', {}, { cause: error })
          throw error
        })
        const user = toUser(row)
        const after = { username: user.username, role: user.role }
        const action = 'account.create' as const
        await appendAudit(transaction, { at, actor, action, userId: user.id, before: {}, after, reason: reason ?? null })
        return user
      })
    },

    change: (actor, username, { role, disabled, ...why }) =>
      act(parts, actor, async (transaction) => {
        const target = await findTarget(transaction, username)
        const at = now()
        if (role !== undefined && role !== target.user.role) await changeRole(transaction, { actor, target, at, why }, role)
        if (disabled === undefined || disabled === (target.user.disabledAt !== null)) return
        await changeDisabled(transaction, { actor, target, at, why }, disabled)
      }),

    setPassword: async (actor, username, password, why) => {
      const to = await hasher.hash(password)
      await act(parts, actor, async (transaction) => {
        const target = await findTarget(transaction, username)
        const { userId, user } = target
        const at = now()
        await replacePasswordHash(transaction, userId, { from: user.passwordHash, to })
        const ended = await revoke(transaction, { actor, target, at, why }, { kind: 'all' }, 'password_changed')
        for (const token of await removeApiTokensOf(transaction, userId)) {
          await recordToken(transaction, { actor, target, at, why }, token)
        }
        const states = { before: {}, after: { endedSessions: ended } }
        await appendAudit(transaction, { at, actor, action: 'account.password', userId, ...states, ...why })
      })
    },

    endSessions: (actor, username, id, why) =>
      act(parts, actor, async (transaction) => {
        const target = await findTarget(transaction, username)
        const { userId } = target
        const one = id === null ? null : await findOwnSession(transaction, userId, id)
        if (one === undefined) throw new ProblemError('not_found')
        const at = now()
        const scope = id === null ? ({ kind: 'all' } as const) : ({ kind: 'of', sessionId: id } as const)
        const ended = await revoke(transaction, { actor, target, at, why }, scope, 'revoked_by_staff')
        const subject = id === null ? {} : { subject: id }
        const states = { before: one === null ? {} : { device: one.deviceName }, after: { endedSessions: ended } }
        await appendAudit(transaction, { at, actor, action: 'sessions.end', userId, ...subject, ...states, ...why })
        return ended
      }),

    endToken: (actor, id, why) =>
      act(parts, actor, async (transaction) => {
        const found = await findApiTokenWithUser(transaction, id)
        if (found === undefined) throw new ProblemError('not_found')
        const target = await findTarget(transaction, found.username)
        await removeApiToken(transaction, target.userId, id)
        await recordToken(transaction, { actor, target, at: now(), why }, found)
      }),
  }
}

type Doing = { readonly actor: Actor; readonly target: Target; readonly at: number; readonly why: Why }

type EndedToken = Pick<ApiTokenRow, 'id' | 'name' | 'prefix'>

async function changeRole(transaction: Database, { actor, target, at, why }: Doing, role: Role): Promise<void> {
  const { userId, user } = target
  if (role !== 'staff') await refuseLastStaff(transaction, target)
  await setRole(transaction, userId, role)
  const states = { before: { role: user.role }, after: { role } }
  await appendAudit(transaction, { at, actor, action: 'account.role', userId, ...states, ...why })
}

async function changeDisabled(transaction: Database, doing: Doing, disabled: boolean): Promise<void> {
  const { actor, target, at, why } = doing
  const { userId } = target
  if (disabled) await refuseLastStaff(transaction, target)
  await setDisabledAt(transaction, userId, disabled ? at : null, disabled ? why.reason : null)
  const ended = disabled ? await revoke(transaction, doing, { kind: 'all' }, 'account_disabled') : 0
  const states = {
    before: { disabled: disabled ? 'no' : 'yes' },
    after: { disabled: disabled ? 'yes' : 'no', endedSessions: ended },
  }
  const action = disabled ? ('account.disable' as const) : ('account.enable' as const)
  await appendAudit(transaction, { at, actor, action, userId, ...states, ...why })
}

/** Nobody could ever give the role back. Asked in the transaction, so that two who end one another cannot both do it. */
async function refuseLastStaff(transaction: Database, { userId, user }: Target): Promise<void> {
  const isOpenStaff = user.role === 'staff' && user.disabledAt === null
  if (isOpenStaff && !(await hasOtherStaff(transaction, userId))) throw new ProblemError('last_staff')
}

/** @returns how many sessions have ended */
async function revoke(
  transaction: Database,
  { actor, target, at, why }: Doing,
  scope: TokenScope,
  reason: SessionEndReason,
): Promise<number> {
  const by = { name: actor.name, kind: 'staff' as const, device: null, note: why.reason }
  const revocations = await revokeGrants(transaction, { userId: target.userId, scope, at, reason, by })
  return revocations.filter(({ what }) => what === 'session').length
}

/** Its row is gone then: what its owner called it stands here. */
async function recordToken(transaction: Database, { actor, target, at, why }: Doing, token: EndedToken): Promise<void> {
  const { userId } = target
  const states = { before: { token: token.name, prefix: token.prefix }, after: {} }
  await appendAudit(transaction, { at, actor, action: 'token.end', userId, subject: token.id, ...states, ...why })
}
