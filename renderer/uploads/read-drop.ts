import { useMirror } from '../state/mirror'
import { addFiles, tellUntaken } from './intake'
import { keepVideos } from './choose-files'

/** Deepest folder inside a dropped folder that is looked into. */
const deepestFolder = 16

/**
 * Takes what was dropped into the queue. Electron's main reads folders by itself; in a browser the page walks them, because
 * only files can be handed over.
 */
export async function takeDrop(transfer: DataTransfer): Promise<void> {
  const files = [...transfer.files]
  if (useMirror.getState().app.host === 'electron') return addFiles(files)
  // Entries are gone after the first wait, so all are read out of the event before anything else.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry())
  const folders = entries.filter((entry) => entry !== null && isFolder(entry))
  if (folders.length === 0) return addFiles(files)
  const single = files.filter((_, index) => entries[index]?.isDirectory !== true)
  const readings = await Promise.allSettled(folders.map((folder) => filesOf(folder, 0)))
  const unread = readings.filter((reading) => reading.status === 'rejected')
  if (unread.length > 0) tellUntaken(unread.length)
  const inFolders = readings.flatMap((reading) => (reading.status === 'fulfilled' ? reading.value : []))
  const { videos, skippedCount } = keepVideos(inFolders)
  return addFiles([...single, ...videos], skippedCount)
}

// By their flags: Chromium has the interfaces' types, but not under their names.
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

async function filesOf(folder: FileSystemDirectoryEntry, depth: number): Promise<File[]> {
  if (depth > deepestFolder) return []
  const entries = await entriesOf(folder)
  const files = entries.map(async (entry) => {
    if (isFolder(entry)) return filesOf(entry, depth + 1)
    return isFile(entry) ? fileOf(entry) : []
  })
  return (await Promise.all(files)).flat()
}

/** A folder's reader answers about a hundred entries at a time, then none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const found: FileSystemEntry[] = []
  for (;;) {
    const next = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (next.length === 0) return found
    found.push(...next)
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File[]> =>
  new Promise((resolve, reject) => entry.file((file) => resolve([file]), reject))
