import type { CommandInput, CommandOutput } from '../../contract/desktop'
import { AppError } from '../../contract/failures'
import { type VideoId, videoIdSchema } from '../../contract/ids'
import type { Video } from '../../contract/videos'
import type { Host } from '../host'
import type { Sessions } from '../sessions/sessions'
import type { Transfers } from '../transfers/transfers'
import type { LastFolder } from './last-folder'

/** The most that the library gives at once (`contract/videos.ts`). */
const pageSize = 200
/** A few are asked for one by one; for more the whole list is quicker. */
const askedOneByOne = 20

export type Downloads = {
  /** Asks for a folder and puts videos into the queue. null: nobody chose a folder. @throws AppError */
  add(wanted: CommandInput<'downloads:add'>): Promise<CommandOutput<'downloads:add'>>
}

/** What a person asks for by videos becomes transfers with names, sizes and digests, as the library has them now. */
export function createDownloads({
  host,
  sessions,
  transfers,
  lastFolder,
}: {
  readonly host: Pick<Host, 'chooseDownloadFolder'>
  readonly sessions: Pick<Sessions, 'call'>
  readonly transfers: Pick<Transfers, 'addDownloads'>
  readonly lastFolder: LastFolder
}): Downloads {
  const listAll = async (): Promise<Video[]> => {
    const found: Video[] = []
    let cursor: string | null = null
    do {
      const query = { sort: 'oldest' as const, limit: pageSize, ...(cursor === null ? {} : { cursor }) }
      const page: { videos: Video[]; nextCursor: string | null } = await sessions.call('videos', { query })
      found.push(...page.videos)
      cursor = page.nextCursor
    } while (cursor !== null)
    return found
  }

  const findSome = async (ids: readonly VideoId[]): Promise<Video[]> => {
    if (ids.length > askedOneByOne) {
      const wanted = new Set(ids)
      return (await listAll()).filter(({ id }) => wanted.has(id))
    }
    const found: Video[] = []
    for (const id of new Set(ids)) found.push(await sessions.call('video', { params: { id } }))
    // Videos of one name are numbered by age: a new one never takes the name that an older one has on the disk already.
    return found.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
  }

  return {
    async add({ videos, ifExists }) {
      const folder = await host.chooseDownloadFolder(lastFolder.get())
      if (folder === null) return null
      lastFolder.set(folder)
      const found = videos === 'all' ? await listAll() : await findSome(videos)
      if (found.length === 0) throw new AppError({ code: 'not-found' })
      const { ids, skipped } = await transfers.addDownloads(
        found.map(({ id, filename, sizeBytes, sha256, durationSeconds }) => ({
          videoId: videoIdSchema.parse(id),
          name: filename,
          sizeBytes,
          sha256,
          durationSeconds,
        })),
        { folder, ifExists },
      )
      return { added: ids, skipped }
    },
  }
}
