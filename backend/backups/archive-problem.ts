import type { ArchiveRefusal } from '../../contract/jobs'
import type { ProblemCode } from '../../contract/problems'
import type { ArchiveError } from '../archives/archive-error'
import { ProblemError } from '../http/problems'

const codes: Readonly<Record<ArchiveRefusal, ProblemCode>> = {
  'archive-damaged': 'archive_damaged',
  'archive-unsafe': 'archive_unsafe',
  'archive-altered': 'archive_altered',
  'archive-newer': 'archive_newer',
  'archive-of-another-instance': 'archive_of_another_instance',
  'archive-of-another-user': 'archive_of_another_user',
}

export function archiveCode({ refusal }: ArchiveError): ProblemCode {
  return codes[refusal]
}

/** An archive that is not taken, as its asker is told: why, and what shows it. */
export function archiveProblem(error: ArchiveError): ProblemError {
  return new ProblemError(archiveCode(error), { detail: `It shows in: ${error.part}` }, { cause: error })
}
