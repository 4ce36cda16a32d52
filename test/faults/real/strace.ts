import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/temporary-folder'

/** System calls that move a file, a folder or an answer to where others see it: what a fault can fall between. */
export const calls = [
  'openat',
  'pwrite64',
  'pwritev',
  'write',
  'writev',
  'sendmsg',
  'ftruncate',
  'fdatasync',
  'fsync',
  'rename',
  'unlink',
] as const
export type Call = (typeof calls)[number]

const letGoMs = 3_000

/** The n-th of these calls that one thread makes, from the moment on that the fault is set. */
export type Site = { readonly call: Call; readonly nth: number }

export type Effect = 'SIGKILL' | 'EIO' | 'ENOSPC'

export type Strike = AsyncDisposable & {
  /** The calls that it happened to, as strace writes them, paths and all; known after it was lifted. */
  readonly hits: () => readonly string[]
  /** The fault is gone from here on, and the process goes on without a tracer. */
  readonly lift: () => Promise<void>
}

/** Why system calls cannot be struck here; null where they can. */
export function whyNoStrace(): string | null {
  if (process.platform !== 'linux') return 'system calls are struck on Linux alone'
  if (spawnSync('strace', ['--version']).status !== 0) return 'strace is not installed'
  if (process.getuid?.() === 0) return null
  // https://www.kernel.org/doc/html/latest/admin-guide/LSM/Yama.html
  const scope = readOr('/proc/sys/kernel/yama/ptrace_scope', '0').trim()
  return scope === '0' ? null : 'this system lets root alone trace processes'
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

/**
 * Lets a fault happen to a process that runs. Resolves when each of its threads is watched.
 * @param isLasting every later call of the kind fails as well
 * @param isWithNewThreads threads that begin meanwhile are struck as well, each at its own n-th call
 */
export async function strike(
  pid: number,
  { call, nth }: Site,
  effect: Effect,
  { isLasting = false, isWithNewThreads = false } = {},
): Promise<Strike> {
  const what = effect === 'SIGKILL' ? 'signal=SIGKILL' : `error=${effect}`
  const when = isLasting ? `${nth}+` : String(nth)
  const fault = ['--decode-fds=path', `--trace=${call}`, `--inject=${call}:${what}:when=${when}`]
  const tracer = await trace(pid, fault, isWithNewThreads)
  return {
    hits: () => tracer.lines().filter((line) => line.includes('(INJECTED)')),
    lift: tracer.end,
    [Symbol.asyncDispose]: tracer[Symbol.asyncDispose],
  }
}

/** Counts the calls of a process while `work` runs, and names every site at which it can be struck. */
export async function findSites(pid: number, work: () => Promise<void>, { isWithNewThreads = false } = {}): Promise<Site[]> {
  await using tracer = await trace(pid, [`--trace=${calls.join(',')}`], isWithNewThreads)
  await work()
  await tracer.end()
  const counts = new Map<string, number>()
  for (const line of tracer.lines()) {
    const [, thread, call] = /^(\d+)\s+(\w+)\(/.exec(line) ?? []
    if (call !== undefined) counts.set(`${call} ${thread}`, (counts.get(`${call} ${thread}`) ?? 0) + 1)
  }
  return calls.flatMap((call) => {
    const most = Math.max(0, ...[...counts].flatMap(([key, count]) => (key.startsWith(`${call} `) ? [count] : [])))
    return Array.from({ length: most }, (_, index) => ({ call, nth: index + 1 }))
  })
}

async function trace(pid: number, options: readonly string[], isWithNewThreads: boolean) {
  const folder = temporaryFolder()
  const log = join(folder.path, 'trace')
  // Thread by thread, not with all that comes of it: a program that it starts, as the media probe, is not the one that is struck.
  // Where it starts none, what is new is a thread.
  const tracees = isWithNewThreads ? [String(pid)] : readdirSync(`/proc/${pid}/task`)
  const attach = [...(isWithNewThreads ? ['--follow-forks'] : []), ...tracees.map((tracee) => `--attach=${tracee}`)]
  const tracer = spawn('strace', [...attach, `--output=${log}`, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = once(tracer, 'exit')
  let said = ''
  await new Promise<void>((resolve, reject) => {
    tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if ((said.match(/attached/g)?.length ?? 0) >= tracees.length) resolve()
    })
    tracer.once('exit', () => reject(new Error(`strace did not begin: ${said}`)))
  })
  const end = async (): Promise<void> => {
    // On SIGINT it lets go of the process; where that one has ended, the tracer has as well.
    tracer.kill('SIGINT')
    // It waits for ever for a process whose threads ended one by one.
    const hurry = setTimeout(() => tracer.kill('SIGKILL'), letGoMs)
    await gone
    clearTimeout(hurry)
  }
  let lines: readonly string[] | null = null
  return {
    lines: () => (lines ??= readOr(log, '').split('\n')),
    end,
    [Symbol.asyncDispose]: async () => {
      await end()
      lines ??= readOr(log, '').split('\n')
      folder[Symbol.dispose]()
    },
  }
}
