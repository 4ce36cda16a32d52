import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const mebibyte = 1024 * 1024
/** The smallest that mkfs.xfs makes, and a little. */
const imageBytes = 320 * mebibyte

export type FileSystem = 'ext4' | 'xfs'

/** Why no file system can be cut from its power here; null where it can. */
export function whyNoPowerCuts(fileSystem: FileSystem): string | null {
  if (process.platform !== 'linux') return 'loop devices are there on Linux alone'
  if (process.getuid?.() !== 0) return 'mounting needs root'
  for (const program of ['losetup', `mkfs.${fileSystem}`, 'xfs_io']) {
    if (spawnSync(program, ['-V']).error !== undefined) return `${program} is not installed`
  }
  try {
    execFileSync('losetup', ['--find'], { stdio: 'ignore' })
    return null
  } catch {
    return 'this machine gives no loop device'
  }
}

export type PowerDisk = AsyncDisposable & {
  readonly path: string
  /** What was not flushed is lost; everything that is asked of the disk fails from now on. */
  readonly cutPower: () => void
  /** The disk as it is found afterwards. Nothing may have a file on it open. */
  readonly comeBack: () => void
}

/** A disk of its own that can lose its power: a real file system on a loop device. */
export async function startPowerDisk(fileSystem: FileSystem): Promise<PowerDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'reelport-power-'))
  const image = join(folder, 'image')
  const path = join(folder, 'disk')
  mkdirSync(path)
  writeFileSync(image, '')
  truncateSync(image, imageBytes)
  const guard = startGuard(path, folder)
  const run = (program: string, ...args: string[]): void => void execFileSync(program, args, { stdio: 'pipe' })
  const mount = (): void => run('mount', '-o', 'loop', image, path)
  run(`mkfs.${fileSystem}`, '-q', image)
  mount()
  return {
    path,
    // Without `-f` the log is not flushed either. The call is the same one for ext4, a foreign file system to this program.
    cutPower: () => run('xfs_io', '-x', '-c', 'shutdown', path),
    comeBack: () => {
      run('umount', path)
      mount()
    },
    [Symbol.asyncDispose]: guard,
  }
}

/** Takes the disk away when it is told to, and also when this process is gone without a word, killed or not. */
function startGuard(path: string, folder: string): () => Promise<void> {
  const script = 'cat > /dev/null; umount --lazy "$1"; rm -rf -- "$2"'
  const guard = spawn('sh', ['-c', script, 'guard', path, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  const gone = once(guard, 'exit')
  return async () => {
    guard.ref()
    guard.stdin.end()
    await gone
  }
}
