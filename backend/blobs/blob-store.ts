import { join } from 'node:path'
import { type BlobDisk, type BlobFile, realDisk } from './blob-disk'

const idPattern = /^[A-Za-z0-9_-]{8,64}$/

/** Files of uploads and videos. Their names are ids made here; nothing that a client says ever becomes part of a path. */
export type BlobStore = {
  /** Where files of uploads and videos lie. */
  readonly folders: readonly string[]
  readonly partialPath: (uploadId: string) => string
  readonly sealedPath: (videoId: string) => string
  readonly thumbnailPath: (videoId: string) => string
  /** Opens the partial file of an upload, cut to what is committed. @throws PartialLostError where that is not there. */
  readonly openPartial: (uploadId: string, offsetBytes: number) => Promise<BlobFile>
  /** Cuts what lies beyond the committed offset, where the file is there at all. */
  readonly truncatePartial: (uploadId: string, offsetBytes: number) => Promise<void>
  /** Makes a whole partial file permanent: flush, rename, flush both folders. Doing it twice is doing it once. */
  readonly seal: (uploadId: string, videoId: string) => Promise<void>
  /** Where an upload's bytes lie, sealed or not, and how many there are; null where they are gone. */
  readonly locate: (uploadId: string, videoId: string) => Promise<{ path: string; sizeBytes: number } | null>
  readonly removePartial: (uploadId: string) => Promise<void>
  readonly removeSealed: (videoId: string) => Promise<void>
  readonly listPartials: () => Promise<string[]>
  readonly listSealed: () => Promise<string[]>
  readonly freeBytes: () => Promise<number>
}

/** Committed bytes are missing from the disk: it was damaged, or somebody removed the file. */
export class PartialLostError extends Error {
  override name = 'PartialLostError'
}

/** Opens the folders of a data folder, making them where they are not there yet. */
export async function openBlobStore(dataFolder: string, disk: BlobDisk = realDisk): Promise<BlobStore> {
  const makeFolder = async (name: string): Promise<string> => {
    const path = join(dataFolder, name)
    await disk.makeFolder(path)
    return path
  }
  const partials = await makeFolder('partials')
  const sealed = await makeFolder('videos')
  const thumbnails = await makeFolder('thumbnails')
  await disk.flushFolder(dataFolder)

  const partialPath = (uploadId: string): string => join(partials, checked(uploadId))
  const sealedPath = (videoId: string): string => join(sealed, checked(videoId))
  const thumbnailPath = (videoId: string): string => join(thumbnails, `${checked(videoId)}.jpg`)
  return {
    folders: [partials, sealed],
    partialPath,
    sealedPath,
    thumbnailPath,

    openPartial: async (uploadId, offsetBytes) => {
      const path = partialPath(uploadId)
      if (offsetBytes === 0) {
        // The name must be as durable as the bytes, or a power cut leaves committed bytes without a file.
        return opened(disk.open(path, 'new'), () => disk.flushFolder(partials))
      }
      const sizeBytes = await disk.sizeOf(path)
      if (sizeBytes === null || sizeBytes < offsetBytes) throw new PartialLostError(`${uploadId} has lost committed bytes`)
      return opened(disk.open(path, 'existing'), async (file) => {
        // Bytes past the committed offset may be zeros after a power cut; the client sends them again.
        if (sizeBytes > offsetBytes) await file.truncate(offsetBytes)
      })
    },

    truncatePartial: async (uploadId, offsetBytes) => {
      const sizeBytes = await disk.sizeOf(partialPath(uploadId))
      if (sizeBytes === null || sizeBytes <= offsetBytes) return
      await using file = await disk.open(partialPath(uploadId), 'existing')
      await file.truncate(offsetBytes)
    },

    seal: async (uploadId, videoId) => {
      const [from, to] = [partialPath(uploadId), sealedPath(videoId)]
      if ((await disk.sizeOf(from)) !== null) {
        await disk.flushFile(from)
        await disk.rename(from, to)
      } else if ((await disk.sizeOf(to)) === null) {
        throw new PartialLostError(`${uploadId} has neither a partial nor a sealed file`)
      }
      await disk.flushFolder(sealed)
      await disk.flushFolder(partials)
    },

    locate: async (uploadId, videoId) => {
      for (const path of [partialPath(uploadId), sealedPath(videoId)]) {
        const sizeBytes = await disk.sizeOf(path)
        if (sizeBytes !== null) return { path, sizeBytes }
      }
      return null
    },

    removePartial: (uploadId) => disk.remove(partialPath(uploadId)),
    removeSealed: async (videoId) => {
      // The picture first: a video that is left over is found at the next start, a picture alone never.
      await disk.remove(thumbnailPath(videoId))
      await disk.remove(sealedPath(videoId))
    },
    listPartials: () => listIds(disk, partials),
    listSealed: () => listIds(disk, sealed),
    freeBytes: () => disk.freeBytes(dataFolder),
  }
}

/** A file that is ready, or closed where it could not be made ready. */
async function opened(opening: Promise<BlobFile>, prepare: (file: BlobFile) => Promise<void>): Promise<BlobFile> {
  const file = await opening
  try {
    await prepare(file)
    return file
  } catch (error) {
    await file[Symbol.asyncDispose]()
    throw error
  }
}

/** The one door to a path: an id that is not one of ours goes nowhere. */
function checked(id: string): string {
  if (!idPattern.test(id)) throw new Error('not an id of ours')
  return id
}

async function listIds(disk: BlobDisk, folder: string): Promise<string[]> {
  const names = await disk.list(folder)
  return names.filter((name) => idPattern.test(name))
}
