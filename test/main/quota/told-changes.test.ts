import { describe, expect, it } from 'vitest'
import type { QuotaAnswer } from '../../../contract/quota'
import { userIdSchema } from '../../../contract/ids'
import { createQuota, type Quota } from '../../../main/quota/quota'
import { createToldChanges } from '../../../main/quota/told-changes'
import { openSessionNotes } from '../../../main/sessions/session-notes'
import type { SessionState } from '../../../main/sessions/session-state'
import { memoryLog } from '../../support/memory-log'
import { temporaryFolder } from '../../support/temporary-folder'
import { signedIn } from '../live/signed-in'

const answer: QuotaAnswer = {
  session_id: 'user_nok',
  username: 'nok',
  usage: {
    videos_count: 1,
    total_duration: 60,
    remaining_videos: 9,
    remaining_duration: 540,
    reserved_videos: 0,
    reserved_duration: 0,
  },
  limits: { maxVideos: 10, maxDurationMinutes: 10, maxFileSizeMB: 500 },
  stored: { videos_count: 1, total_duration: 60, total_bytes: 1000 },
}

/** One start of the app on a folder, at a backend that knows of acts up to `lastChange`. */
async function start(folder: string, { lastChange, username = 'nok' }: { lastChange?: number; username?: string }) {
  const user = { ...signedIn.user, id: userIdSchema.parse(`user-of-${username}`), username }
  const status = (): SessionState => ({ ...signedIn, user })
  const quota: Quota = createQuota({
    // Safe: the quota is all that it asks for.
    sessions: { status, call: (() => Promise.resolve({ ...answer, last_change: lastChange })) as never },
    told: createToldChanges(openSessionNotes(folder, memoryLog().log)),
    now: () => new Date('2026-11-21T12:00:00Z'),
  })
  await quota.refresh()
  return quota
}

describe('what support did to a quota', () => {
  it('while the app was closed is still to be told at its next start, and not again at the one after', async () => {
    using folder = temporaryFolder()
    expect((await start(folder.path, {})).status().toldChange).toBe(0)
    const second = await start(folder.path, { lastChange: 7 })
    expect(second.status().toldChange).toBe(0)
    // Nobody saw it: the app was closed before its window was shown.
    const third = await start(folder.path, { lastChange: 7 })
    expect(third.status().toldChange).toBe(0)
    third.told(7)
    expect(third.status().toldChange).toBe(7)
    expect((await start(folder.path, { lastChange: 7 })).status().toldChange).toBe(7)
  })

  it('before a person was ever here is no news, and what one person was told is not told to another', async () => {
    using folder = temporaryFolder()
    expect((await start(folder.path, { lastChange: 5 })).status().toldChange).toBe(5)
    expect((await start(folder.path, { lastChange: 9, username: 'lek' })).status().toldChange).toBe(9)
    expect((await start(folder.path, { lastChange: 8 })).status().toldChange).toBe(5)
  })
})
