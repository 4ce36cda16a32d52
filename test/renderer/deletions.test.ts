import { afterEach, describe, expect, it, vi } from 'vitest'
import { videoIdSchema } from '../../contract/ids'
import type { Video } from '../../contract/videos'
import { beginDeletion, commitAllDeletions, commitDeletion, undoDeletion } from '../../renderer/videos/deletions'

/** Safe: a deletion looks at the id alone. */
const video = (id: string): Video => ({ id: videoIdSchema.parse(id) }) as Video

function countDeletes(reply: unknown): string[] {
  const deleted: string[] = []
  const remove = (id: string): Promise<unknown> => {
    deleted.push(id)
    return Promise.resolve(reply)
  }
  vi.stubGlobal('window', { desktop: { commands: { 'videos:delete': remove } } })
  return deleted
}

describe('a deletion that can be undone', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is asked of the server once, whoever ends the wait', async () => {
    const deleted = countDeletes({ ok: true, value: undefined })
    beginDeletion(video('video-once'))
    commitAllDeletions()
    expect(await commitDeletion(video('video-once'))).toBeNull()
    expect(deleted).toEqual(['video-once'])
  })

  it('is not asked at all once it was undone, and again after a failure', async () => {
    const deleted = countDeletes({ ok: false, failure: { code: 'server-busy' } })
    beginDeletion(video('video-undone'))
    undoDeletion(video('video-undone'))
    expect(await commitDeletion(video('video-undone'))).toBeNull()
    for (let round = 0; round < 2; round += 1) {
      beginDeletion(video('video-again'))
      expect(await commitDeletion(video('video-again'))).toEqual({ code: 'server-busy' })
    }
    expect(deleted).toEqual(['video-again', 'video-again'])
  })
})
