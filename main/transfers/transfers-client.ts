import type { DownloadsClient } from '../downloads/downloads-client'
import { createHttpDownloadsClient } from '../downloads/http-downloads-client'
import { createHttpUploadsClient } from './http-uploads-client'
import type { Clock } from './ports'
import type { UploadsClient } from './uploads-client'

/** Both directions of one backend, at one address. */
export type TransfersClient = UploadsClient & DownloadsClient

/** The same over HTTP, with connections of its own for each direction. */
export function createHttpTransfersClient(origin: string, clock: Clock): TransfersClient {
  const uploads = createHttpUploadsClient(origin, clock)
  const downloads = createHttpDownloadsClient(origin, clock)
  return {
    ...uploads,
    ...downloads,
    [Symbol.dispose]() {
      uploads[Symbol.dispose]()
      downloads[Symbol.dispose]()
    },
  }
}
