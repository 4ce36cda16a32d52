import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { fileTooLarge, isTooLarge, refusalProblem } from '../quota/refusals'
import type { Declared } from './upload-metadata'
import { countReceivingArchives, type UploadRow } from './uploads-table'

/**
 * A key names one creation: with another file it is a client's mistake, and going on would mix the two.
 * @throws ProblemError `upload_state_conflict`
 */
export function refuseOtherFile(earlier: UploadRow, { filename, sha256 }: Declared, sizeBytes: number | null): void {
  const isSame = earlier.filename === filename && (sizeBytes === null || earlier.sizeBytes === sizeBytes)
  const isSameDigest = sha256 === null || earlier.expectedSha256 === null || earlier.expectedSha256 === sha256
  if (isSame && isSameDigest) return
  throw new ProblemError('upload_state_conflict', { detail: 'This key was used to create the upload of another file.' })
}

/** @throws ProblemError `file_too_large` with its numbers; a length that is not known yet passes */
export function refuseTooLarge(sizeBytes: number | null, limitBytes: number | null): void {
  if (isTooLarge(sizeBytes, limitBytes)) throw refusalProblem(fileTooLarge(limitBytes ?? 0, sizeBytes ?? 0))
}

const mostArchives = 3

/** An archive takes no quota, so what is on its way is bounded by itself. @throws ProblemError `backups_reached` */
export async function refuseMoreArchives(transaction: Database, userId: UserId): Promise<void> {
  if ((await countReceivingArchives(transaction, userId)) < mostArchives) return
  throw new ProblemError('backups_reached', { detail: `No more than ${mostArchives} archives are sent at once.` })
}
