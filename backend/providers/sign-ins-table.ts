import type { Selectable } from 'kysely'
import type { Database } from '../db/database'
import type { ProviderCodesTable, ProviderSignInsTable } from '../db/schema'

export type SignInRow = Selectable<ProviderSignInsTable>
export type CodeRow = Selectable<ProviderCodesTable>

export async function insertSignIn(db: Database, row: SignInRow): Promise<void> {
  await db.insertInto('providerSignIns').values(row).execute()
}

/** How many are under way at `now`, from one network and from all; each count stops where it is enough to refuse. */
export async function countSignIns(db: Database, network: string, now: number, enough: { one: number; all: number }) {
  const running = db.selectFrom('providerSignIns').select('stateHash').where('expiresAt', '>', now)
  const ofNetwork = await running.where('network', '=', network).limit(enough.one).execute()
  const ofAll = await running.limit(enough.all).execute()
  return { one: ofNetwork.length, all: ofAll.length }
}

/** Takes a sign-in out, so that its answer is looked at once. */
export async function takeSignIn(db: Database, stateHash: string): Promise<SignInRow | undefined> {
  return db.deleteFrom('providerSignIns').where('stateHash', '=', stateHash).returningAll().executeTakeFirst()
}

export async function insertCode(db: Database, row: CodeRow): Promise<void> {
  await db.insertInto('providerCodes').values(row).execute()
}

/** Takes a code out, so that it is good for one try, right or wrong. */
export async function takeCode(db: Database, codeHash: string): Promise<CodeRow | undefined> {
  return db.deleteFrom('providerCodes').where('codeHash', '=', codeHash).returningAll().executeTakeFirst()
}

export async function removePastSignIns(db: Database, now: number): Promise<void> {
  await db.deleteFrom('providerSignIns').where('expiresAt', '<=', now).execute()
  await db.deleteFrom('providerCodes').where('expiresAt', '<=', now).execute()
}
