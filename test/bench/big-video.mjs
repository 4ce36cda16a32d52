import { execFileSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './processes.mjs'

const folder = join(root, '.cache', 'bench')

/**
 * A playable MP4 of exactly the size asked for: two real seconds made by ffmpeg, then one `free` box (ISO 14496-12, 8.1.2) that
 * holds random bytes, or a hole where `isSparse`.
 */
export function bigVideo(sizeBytes, { isSparse = false } = {}) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${sizeBytes}${isSparse ? '-sparse' : ''}.mp4`)
  if (existsSync(path)) return path
  const seedPath = join(folder, 'seed.mp4')
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x180:rate=25:duration=2',
    '-movflags',
    '+faststart',
    seedPath,
  ])
  const seed = readFileSync(seedPath)
  const file = openSync(`${path}.new`, 'w')
  writeSync(file, seed)
  const boxBytes = sizeBytes - seed.length
  const header = Buffer.alloc(16)
  header.writeUInt32BE(1, 0)
  header.write('free', 4, 'latin1')
  header.writeBigUInt64BE(BigInt(boxBytes), 8)
  writeSync(file, header)
  if (isSparse) ftruncateSync(file, sizeBytes)
  else {
    const block = Buffer.alloc(8 * 1024 * 1024)
    for (let left = boxBytes - 16; left > 0; left -= block.length) {
      randomFillSync(block)
      writeSync(file, block, 0, Math.min(left, block.length))
    }
  }
  closeSync(file)
  renameSync(`${path}.new`, path)
  return path
}
