import type { Database } from '../db/database'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import { bindTempToken, findTempToken } from '../tokens/temp-tokens-table'

/** A temporary token opens its own video or backup alone; of any other it does not even say whether it is there. */
export function refuseOtherVideo({ credential }: Identity, id: string): void {
  if (credential.kind !== 'temp-token') return
  if (credential.operation !== 'download') throw new ProblemError('forbidden')
  if (credential.boundId !== null && credential.boundId !== id) throw new ProblemError('temp_token_bound_elsewhere')
}

/** The first video that a temporary token is used for is the only one that it will ever serve. */
export async function bindDownload(db: Database, { credential }: Identity, id: string): Promise<void> {
  if (credential.kind !== 'temp-token' || credential.boundId === id) return
  if (await bindTempToken(db, credential.tokenHash, id)) return
  // Two first requests at once: they may have been for the same video.
  const token = await findTempToken(db, credential.tokenHash)
  if (token?.boundId !== id) throw new ProblemError('temp_token_bound_elsewhere')
}
