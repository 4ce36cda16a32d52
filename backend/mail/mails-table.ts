import type { Selectable } from 'kysely'
import type { Database } from '../db/database'
import type { MailsTable } from '../db/schema'

export type MailRow = Selectable<MailsTable>

export async function insertMail(db: Database, mail: MailRow): Promise<void> {
  await db.insertInto('mails').values(mail).execute()
}

export async function findDueMails(db: Database, now: number, limit: number): Promise<MailRow[]> {
  return db.selectFrom('mails').selectAll().where('nextAttemptAt', '<=', now).orderBy('nextAttemptAt').limit(limit).execute()
}

/** How many wait for one user; the count stops where it is enough to refuse more. */
export async function countMails(db: Database, userId: string, enough: number): Promise<number> {
  return (await db.selectFrom('mails').select('id').where('userId', '=', userId).limit(enough).execute()).length
}

export async function postponeMail(
  db: Database,
  { id, attempts, nextAttemptAt }: Pick<MailRow, 'id' | 'attempts' | 'nextAttemptAt'>,
): Promise<void> {
  await db.updateTable('mails').set({ attempts, nextAttemptAt }).where('id', '=', id).execute()
}

export async function removeMail(db: Database, id: string): Promise<void> {
  await db.deleteFrom('mails').where('id', '=', id).execute()
}
