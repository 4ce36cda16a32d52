import type { Explanation } from '../../contract/staff'
import type { UserId } from '../../contract/ids'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import { ensureQuota, findQuotaWithGrants, reserve } from './quotas-table'
import { fileTooLarge, isTooLarge, judge } from './refusals'

/** Takes a trial back. */
class Trial extends Error {
  override name = 'Trial'
}

type Asked = {
  readonly userId: UserId
  readonly limits: DefaultLimits
  readonly sizeBytes: number
  readonly durationMs: number
  readonly at: number
}

/**
 * Would this file be let in? The very statement that reserves for uploads is run and taken back, so this cannot say anything
 * but what an upload would be told; the numbers of each rule stand beside it.
 */
export async function explainQuota(db: Database, asked: Asked): Promise<Explanation> {
  let explanation: Explanation | undefined
  const trial = db.transaction().execute(async (transaction) => {
    explanation = await tryFile(transaction, asked)
    throw new Trial('taken back')
  })
  await trial.catch((error: unknown) => {
    if (!(error instanceof Trial)) throw error
  })
  if (explanation === undefined) throw new Error('the trial said nothing')
  return explanation
}

async function tryFile(transaction: Database, { userId, limits, sizeBytes, durationMs, at }: Asked): Promise<Explanation> {
  const { maxFileSizeBytes } = await ensureQuota(transaction, userId, limits)
  const amount = { videos: 1, durationMs }
  const [videos, duration] = judge(await findQuotaWithGrants(transaction, userId, at), amount)
  const isReserved = (await reserve(transaction, userId, amount, at)) !== undefined
  if (isReserved !== (videos.over === 0 && duration.over === 0)) throw new Error('the rules and the decision differ')
  const tooLarge = isTooLarge(sizeBytes, maxFileSizeBytes)
  const { numbers } = fileTooLarge(maxFileSizeBytes ?? 0, sizeBytes)
  const size = {
    ...numbers,
    limit: maxFileSizeBytes,
    over: maxFileSizeBytes === null ? 0 : Math.max(0, sizeBytes - maxFileSizeBytes),
  }
  const fits = isReserved && !tooLarge
  return {
    fits,
    rules: [size, videos, duration],
    smallestChange: fits
      ? null
      : { grantVideos: videos.over, grantSeconds: duration.over, maxFileSizeBytes: tooLarge ? sizeBytes : null },
  }
}
