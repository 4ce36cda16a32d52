import { createHash } from 'node:crypto'
import { userIdSchema, type UserId } from '../../contract/ids'
import { type ReadSnapshot, type SupportCode, type SupportSnapshot, supportSnapshotSchema } from '../../contract/support'
import { type Actor, appendAudit } from '../audit/audit'
import { ProblemError } from '../http/problems'
import type { RandomSource } from '../ids'
import { act, type StaffParts } from '../staff/act'
import { countCodes, findCode, insertCode, removeCodes } from './codes-table'
import { codeWords } from './words'

const minuteMs = 60_000
/** Long enough for a call, too short to try out what others were given. */
const lifeMs = 30 * minuteMs
const windowMs = 60 * minuteMs
const mostOfOneUser = 10
const missWindowMs = 10 * minuteMs
const mostMisses = 10

/** What a person shows to support under three short words. */
export type SupportCodes = {
  /** @throws ProblemError `too_many_requests` */
  readonly make: (userId: UserId, snapshot: SupportSnapshot) => Promise<SupportCode>
  /** What was shown, on record. @throws ProblemError `not_found`, `too_many_requests` after ten wrong tries in ten minutes */
  readonly read: (actor: Actor, code: string) => Promise<ReadSnapshot>
  readonly sweep: () => Promise<void>
}

export function createSupportCodes(parts: StaffParts & { readonly random: RandomSource }): SupportCodes {
  const { db, now, random } = parts
  const misses = new Map<string, number[]>()

  const refuseGuessing = (who: string, at: number): void => {
    const recent = (misses.get(who) ?? []).filter((missedAt) => missedAt > at - missWindowMs)
    misses.set(who, recent)
    const [first] = recent
    if (first === undefined || recent.length < mostMisses) return
    const seconds = Math.max(1, Math.ceil((first + missWindowMs - at) / 1000))
    throw new ProblemError('too_many_requests', { headers: { 'retry-after': String(seconds) } })
  }

  return {
    make: async (userId, snapshot) => {
      const createdAt = now()
      if ((await countCodes(db, userId, createdAt - windowMs)) >= mostOfOneUser) {
        throw new ProblemError('too_many_requests', { headers: { 'retry-after': '600' } })
      }
      const code = threeWords(random)
      const expiresAt = createdAt + lifeMs
      await insertCode(db, { codeHash: hashOf(code), userId, snapshot: JSON.stringify(snapshot), createdAt, expiresAt })
      return { code, expiresAt: new Date(expiresAt).toISOString() }
    },

    read: async (actor, code) => {
      const at = now()
      const who = actor.userId ?? actor.name
      refuseGuessing(who, at)
      const row = await findCode(db, hashOf(code), at)
      if (row === undefined) {
        misses.set(who, [...(misses.get(who) ?? []), at])
        throw new ProblemError('not_found', { detail: 'No snapshot has these words, or its half hour is over.' })
      }
      await act(parts, actor, (transaction) =>
        appendAudit(transaction, {
          at,
          actor,
          action: 'support.read',
          userId: userIdSchema.parse(row.userId),
          before: {},
          after: { madeAt: new Date(row.createdAt).toISOString() },
          reason: null,
        }),
      )
      return {
        username: row.username,
        displayName: row.displayName,
        createdAt: new Date(row.createdAt).toISOString(),
        expiresAt: new Date(row.expiresAt).toISOString(),
        snapshot: supportSnapshotSchema.parse(JSON.parse(row.snapshot)),
      }
    },

    sweep: () => removeCodes(db, now() - windowMs),
  }
}

/** 27 random bits as three words out of 512. */
function threeWords(random: RandomSource): string {
  const bytes = random(6)
  return [0, 2, 4].map((at) => codeWords[bytes.readUInt16BE(at) % codeWords.length] ?? '').join('-')
}

/** However it was written down. Nothing of the words themselves is kept. */
function hashOf(code: string): string {
  const words =
    code
      .normalize('NFKC')
      .toLowerCase()
      .match(/[a-z]+/g) ?? []
  return createHash('sha256').update(words.join('-')).digest('hex')
}
