import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { containerSchema, type Container } from '../../contract/media'
import type { BlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import { findVideosWithoutThumbnail, setThumbnail, type VideoRow } from './videos-table'

const patienceMs = 20_000
const longestSidePixels = 480
/** Address space and processor seconds of the picture maker, and the size of what it may write, in ulimit's units. */
const limits = 'ulimit -v 3145728; ulimit -t 20; ulimit -f 32768'

/** The reader is named, so that no file can pass for a playlist that points elsewhere. */
const demuxers: Record<Container, string> = {
  mp4: 'mov',
  mov: 'mov',
  webm: 'matroska',
  mkv: 'matroska',
  avi: 'avi',
  'mpeg-ts': 'mpegts',
}

/** Makes pictures of videos by ffmpeg where it is installed, one at a time, after they were taken in. */
export type Thumbnailer = AsyncDisposable & {
  /** Looks for videos without a picture. */
  readonly wake: () => void
  /** Resolves when nothing is left to do. */
  readonly idle: () => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly blobs: BlobStore
  readonly log: FastifyBaseLogger
  readonly events: Pick<Events, 'publish'>
  /** Where programs are looked for, as in PATH. */
  readonly searchPath: string
}

export function createThumbnailer({ db, blobs, log, events, searchPath }: Parts): Thumbnailer {
  const ffmpeg = findProgram('ffmpeg', searchPath)
  let running: Promise<void> | null = null
  let isWanted = false
  let isOver = false
  let child: ChildProcess | null = null

  const makeAll = async (program: string): Promise<void> => {
    while (isWanted && !isOver) {
      isWanted = false
      for (const video of await findVideosWithoutThumbnail(db)) {
        if (isOver) return
        await makeOne(program, video)
      }
    }
  }

  const makeOne = async (program: string, video: VideoRow): Promise<void> => {
    const path = blobs.thumbnailPath(video.id)
    const temporary = `${path}.new`
    const isMade = await runFfmpeg(program, blobs.sealedPath(video.id), temporary, video)
    if (isOver) return
    if (isMade) await rename(temporary, path)
    else await rm(temporary, { force: true })
    // Nothing is left of a video that was deleted while its picture was made.
    if (!(await setThumbnail(db, video.id, isMade ? 'made' : 'none'))) await rm(path, { force: true })
    else events.publish(video.userId, 'video.changed', {})
  }

  const runFfmpeg = async (program: string, from: string, to: string, video: VideoRow): Promise<boolean> => {
    const started = startLimited(program, argumentsFor(from, to, video))
    child = started
    const ended = await new Promise<boolean>((resolve) => {
      started.once('error', () => resolve(false))
      started.once('exit', (code) => resolve(code === 0))
    })
    child = null
    return ended && (await isFilled(to))
  }

  const wake = (): void => {
    isWanted = true
    if (ffmpeg === null || running !== null || isOver) return
    running = makeAll(ffmpeg)
      .catch((error: unknown) => log.error({ err: error }, 'thumbnails stopped'))
      .finally(() => {
        running = null
        // Asked for between the last look and this moment.
        if (isWanted) wake()
      })
  }

  return {
    wake,
    idle: async () => {
      while (running !== null) await running
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true
      child?.kill('SIGKILL')
      await running
    },
  }
}

function argumentsFor(from: string, to: string, { container, durationMs }: VideoRow): string[] {
  const seconds = Math.min(durationMs / 1000 / 10, 10)
  // Never larger than the video itself; even numbers, as JPEG's halved colours want them.
  const side = (axis: 'iw' | 'ih'): string => `'min(${longestSidePixels},${axis})'`
  const box = `scale=w=${side('iw')}:h=${side('ih')}:force_original_aspect_ratio=decrease:force_divisible_by=2`
  return [
    ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', '-threads', '1'],
    ['-protocol_whitelist', 'file', '-f', demuxers[containerSchema.parse(container)]],
    ['-ss', seconds.toFixed(3), '-i', `file:${from}`],
    ['-map', '0:v:0', '-frames:v', '1', '-vf', box, '-q:v', '5', '-f', 'image2', '-update', '1', `file:${to}`],
  ].flat()
}

function startLimited(program: string, args: readonly string[]): ChildProcess {
  const options = { stdio: 'ignore', env: {}, timeout: patienceMs, killSignal: 'SIGKILL' } as const
  if (process.platform === 'win32') return spawn(program, args, options)
  // What people wait for goes first: a picture is made with the time that is left.
  return spawn('/bin/sh', ['-c', `${limits}; exec nice -n 19 "$0" "$@"`, program, ...args], options)
}

function findProgram(name: string, searchPath: string): string | null {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, file)
    if (folder !== '' && isExecutable(path)) return path
  }
  return null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function isFilled(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch {
    return false
  }
}
