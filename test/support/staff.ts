import { auditPageSchema, type AuditEntry } from '../../contract/audit'
import { ledgerPageSchema, type LedgerEntry } from '../../contract/quota'
import { quotaReceiptSchema, type QuotaReceipt, userCardSchema, type UserCard } from '../../contract/staff'
import type { TestUser } from './backend'

export const reason = 'They lost a day to our outage'

/** Does something to a user's quota that must be done. */
export async function acted(staff: TestUser, username: string, what: string, body: object = {}): Promise<QuotaReceipt> {
  const answer = await staff.send('POST', `/admin/users/${username}/quota/${what}`, { json: { reason, ...body } })
  if (answer.status !== 200) throw new Error(`${what} answered ${answer.status}: ${answer.text}`)
  return quotaReceiptSchema.parse(answer.json())
}

export async function cardOf(staff: TestUser, username: string): Promise<UserCard> {
  return userCardSchema.parse((await staff.send('GET', `/admin/users/${username}`)).json())
}

export async function auditLog(staff: TestUser, query = ''): Promise<AuditEntry[]> {
  return auditPageSchema.parse((await staff.send('GET', `/admin/audit?${query}`)).json()).entries
}

export async function ledgerOf(user: TestUser): Promise<LedgerEntry[]> {
  return ledgerPageSchema.parse((await user.send('GET', '/user/quota/history?limit=200')).json()).entries
}
