import type { Database } from '../db/database'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import { bindTempToken } from '../tokens/temp-tokens-table'
import type { JobRow } from './jobs-table'

/** What a job is begun with: its revocation stops it. */
export function grantOf({ sessionId, apiTokenId, credential }: Identity) {
  return { sessionId, apiTokenId, tempTokenHash: credential.kind === 'temp-token' ? credential.tokenHash : null }
}

/** A temporary token serves the first job that is begun with it and no other. In the transaction that makes the job. */
export async function bindJob(transaction: Database, { credential }: Identity, kind: 'backup' | 'restore', id: string) {
  if (credential.kind !== 'temp-token') return
  if (credential.operation !== kind) throw new ProblemError('forbidden')
  if (!(await bindTempToken(transaction, credential.tokenHash, id))) throw new ProblemError('temp_token_bound_elsewhere')
}

/** A temporary token opens its own job alone; of any other it does not even say whether it is there. */
export function refuseOtherJob({ credential }: Identity, kind: 'backup' | 'restore', id: JobRow['id'] | null): void {
  if (credential.kind !== 'temp-token') return
  if (credential.operation !== kind) throw new ProblemError('forbidden')
  if (id === null || credential.boundId !== id) throw new ProblemError('temp_token_bound_elsewhere')
}
