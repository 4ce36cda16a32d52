import { createRequire } from 'node:module'
import mediaInfoFactory, { type MediaInfo, type MediaInfoResult, type Track } from 'mediainfo.js'
import type { Container, MediaFacts, ProbeResult } from '../../contract/media'
import { openBoundedFile, type BoundedFile } from './bounded-file'
import { isComplete } from './completeness'

const readLimitBytes = 64 * 1024 * 1024
const chunkBytes = 256 * 1024

const mediaTypes: Record<Container, string> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/matroska',
  avi: 'video/vnd.avi',
  'mpeg-ts': 'video/mp2t',
}

let analyzer: Promise<MediaInfo> | undefined

/** Says what a file is by its bytes alone: name and declared type count for nothing. */
export async function probeFile(path: string): Promise<ProbeResult> {
  try {
    using file = openBoundedFile(path, readLimitBytes)
    analyzer ??= loadAnalyzer()
    const mediaInfo = await analyzer
    return describe(await mediaInfo.analyzeData(file.sizeBytes, file.read), file)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { kind: isFileError(error) ? 'unreadable' : 'not-a-video', detail }
  }
}

async function loadAnalyzer(): Promise<MediaInfo> {
  // Found where the package is installed: the program itself may be a bundle in another folder.
  const wasm = createRequire(import.meta.url).resolve('mediainfo.js/MediaInfoModule.wasm')
  return mediaInfoFactory({ format: 'object', chunkSize: chunkBytes, locateFile: () => wasm })
}

function describe({ media }: MediaInfoResult, file: BoundedFile): ProbeResult {
  const tracks = media?.track ?? []
  const video = tracks.find((track) => track['@type'] === 'Video')
  const container = containerOf(tracks)
  if (container === null) return { kind: 'not-a-video', detail: 'none of the containers that are taken' }
  if (video === undefined) return { kind: 'not-a-video', detail: 'no video track' }
  const facts: MediaFacts = {
    container,
    mediaType: mediaTypes[container],
    durationSeconds: longestDuration(tracks),
    videoCodec: video.Format ?? null,
    widthPixels: pixels(video.Width),
    heightPixels: pixels(video.Height),
    isComplete: isComplete(file, container),
  }
  return { kind: 'video', facts }
}

function containerOf(tracks: readonly Track[]): Container | null {
  const general = tracks.find((track) => track['@type'] === 'General')
  switch (general?.Format) {
    case 'MPEG-4':
      return general.Format_Profile === 'QuickTime' ? 'mov' : 'mp4'
    case 'QuickTime':
      return 'mov'
    case 'WebM':
      return 'webm'
    case 'Matroska':
      return 'mkv'
    case 'AVI':
      return 'avi'
    case 'MPEG-TS':
    case 'BDAV':
      return 'mpeg-ts'
    default:
      return null
  }
}

/** The largest of what tracks and container say: whoever writes a small number into one of them gains nothing. */
function longestDuration(tracks: readonly Track[]): number | null {
  const durations = tracks.map((track) => ('Duration' in track ? Number(track.Duration) : Number.NaN))
  const longest = Math.max(0, ...durations.filter(Number.isFinite))
  return longest > 0 ? longest : null
}

function pixels(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) ? value : null
}

/** True for what the operating system refused, as opposed to what a parser did. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
