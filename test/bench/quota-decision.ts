import { randomUUID } from 'node:crypto'
import { uploadIdSchema, userIdSchema } from '../../contract/ids'
import { openDatabase } from '../../backend/db/database'
import { reserveForUpload } from '../../backend/quota/quota'

const limits = { maxVideos: 10, maxDurationMs: 3_600_000, maxFileSizeBytes: null }
const rounds = 2_000
/** Every other file is refused, which has its numbers read as well. */
const tooLongMs = 1e12

class TakenBack extends Error {}

/**
 * The decision about an upload as the backend makes it, in the transaction that would make the upload, which is then taken back:
 * how long the decision alone took, and the whole transaction up to its flush to the disk.
 */
async function decide(db: ReturnType<typeof openDatabase>, user: string, round: number) {
  const claim = {
    userId: userIdSchema.parse(user),
    uploadId: uploadIdSchema.parse(randomUUID()),
    actor: 'bench',
    at: Date.now(),
  }
  const durationMs = round % 2 === 0 ? 1_000 : tooLongMs
  let tookMs = 0
  const run = (isKept: boolean): Promise<void> =>
    db.transaction().execute(async (transaction) => {
      const startedAt = performance.now()
      const refusal = await reserveForUpload(transaction, { ...claim, durationMs, limits })
      tookMs = performance.now() - startedAt
      if ((refusal === null) !== (round % 2 === 0)) throw new Error('the wrong decision')
      if (!isKept) throw new TakenBack()
    })
  await run(false).catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error
  })
  const decisionMs = tookMs
  const startedAt = performance.now()
  await run(true)
  return { decisionMs, flushedMs: performance.now() - startedAt }
}

const [dataFolder = '', ...users] = process.argv.slice(2)
const db = openDatabase(dataFolder, { isBrief: true })
const all = users.map(() => ({ decisionMs: [] as number[], flushedMs: [] as number[] }))
for (let round = 0; round < rounds; round += 1) {
  for (const [index, user] of users.entries()) {
    const { decisionMs, flushedMs } = await decide(db, user, round)
    all[index]?.decisionMs.push(decisionMs)
    // A refused file writes nothing.
    if (round % 2 === 0) all[index]?.flushedMs.push(flushedMs)
  }
}
await db.destroy()
process.stdout.write(JSON.stringify(all))
