import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { copyFile, open, readFile, rename, truncate } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const folder = join(import.meta.dirname, '..', '..', '.cache', 'videos')

const codecs: Readonly<Record<string, readonly string[]>> = {
  '.mp4': ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  '.mov': ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
  '.mkv': ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
  '.webm': ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'],
}

/** Makes a file once, however many tests ask at once, and gives it under the name that a test wants. */
async function cached(key: string, name: string, make: (path: string) => Promise<void>): Promise<string> {
  const own = join(folder, createHash('sha256').update(`${key} ${name}`).digest('hex').slice(0, 16))
  const path = join(own, name)
  if (existsSync(path)) return path
  mkdirSync(own, { recursive: true })
  // Two test processes may make it at the same time: each in a place of its own, the last one to finish renames over.
  const beside = join(own, `${randomBytes(6).toString('hex')}${extname(name)}`)
  await make(beside)
  await rename(beside, path)
  return path
}

/**
 * A real video made by ffmpeg: a moving test picture of the length asked for, in the container that its name says (mp4, mov,
 * mkv, webm). Its name is in it as its title, so that no two of them are the same file to a library. Kept in `.cache/videos`.
 */
export function makeVideo({ name, seconds }: { readonly name: string; readonly seconds: number }): Promise<string> {
  const codec = codecs[extname(name)]
  if (codec === undefined) throw new Error(`No codec for ${name}`)
  // A long one has few pictures, so that it is made in a moment.
  const rate = seconds > 60 ? 1 : 25
  return cached(`titled video ${seconds}`, name, async (path) => {
    const source = `testsrc=size=320x180:rate=${rate}:duration=${seconds}`
    await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, '-metadata', `title=${name}`, path])
  })
}

/**
 * A playable three-second MP4 of exactly the size asked for: what ffmpeg made, then one `free` box (ISO 14496-12, 8.1.2) of random
 * bytes, or of a hole where `isSparse`.
 */
export function paddedVideo({
  name,
  sizeBytes,
  isSparse = false,
}: {
  readonly name: string
  readonly sizeBytes: number
  readonly isSparse?: boolean
}): Promise<string> {
  return cached(`padded ${sizeBytes} ${isSparse}`, name, async (path) => {
    const seedPath = await makeVideo({ name: 'seed.mp4', seconds: 3 })
    const seed = await readFile(seedPath)
    await copyFile(seedPath, path)
    const header = Buffer.alloc(16)
    header.writeUInt32BE(1, 0)
    header.write('free', 4, 'latin1')
    header.writeBigUInt64BE(BigInt(sizeBytes - seed.length), 8)
    await using file = await open(path, 'a')
    await file.write(header)
    if (isSparse) return truncate(path, sizeBytes)
    for (let left = sizeBytes - seed.length - header.length; left > 0;) {
      const block = randomBytes(Math.min(left, 4 * 1024 * 1024))
      await file.write(block)
      left -= block.length
    }
  })
}
