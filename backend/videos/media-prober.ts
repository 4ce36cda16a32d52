import { fork } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { probeAnswerSchema, type ProbeRequest, type ProbeResult } from '../../contract/media'

const answerWithinMs = 10_000
/** A machine that has too much to do needs longer than that to start a process: only this is the file's fault. */
const answerAtLastWithinMs = 40_000
const idleMs = 15_000
/** Heap of the parser's process; its WebAssembly memory is bounded by what it may read. */
const heapMegabytes = 128

/** Measures files in a separate process with limits. One at a time; the process comes on demand and goes when idle. */
export type MediaProber = AsyncDisposable & { readonly probe: (path: string) => Promise<ProbeResult> }

type ProbeProcess = { readonly send: (request: ProbeRequest) => void; readonly kill: () => void }

type ProbeListener = {
  readonly onAnswer: (message: unknown) => void
  readonly onEnd: () => void
  /** It never came to be: the system had no program, process or file handle for it. */
  readonly onNoStart: (error: Error) => void
}

type Options = {
  /** Path of the built `media-probe.js`. */
  readonly program: string
  /** The only folders beside the program that it may read. */
  readonly readableFolders: readonly string[]
}

export function createMediaProber(options: Options): MediaProber {
  let running: ProbeProcess | null = null
  let current: ProbeListener | null = null
  let idleTimer: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let requests = 0

  const start = (): ProbeProcess => {
    const started: ProbeProcess = startProbe(options, {
      onAnswer: (message) => current?.onAnswer(message),
      onEnd: () => {
        // One that was killed is not the one that answers now.
        if (running !== started) return
        running = null
        current?.onEnd()
      },
      onNoStart: (error) => {
        if (running !== started) return
        running = null
        current?.onNoStart(error)
      },
    })
    return started
  }
  const end = (): void => {
    clearTimeout(idleTimer)
    running?.kill()
    running = null
  }

  /** null where the process ended or said nothing in time. */
  const ask = async (path: string, withinMs: number): Promise<ProbeResult | null> => {
    clearTimeout(idleTimer)
    running ??= start()
    const probe = running
    const requestId = String((requests += 1))
    let deadline: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve) => {
        const lose = (): void => {
          end()
          resolve(null)
        }
        deadline = setTimeout(lose, withinMs)
        current = {
          onEnd: lose,
          // No file is to blame for that: it is looked at again, when there is room.
          onNoStart: ({ message }) => resolve({ kind: 'unreadable', detail: message }),
          onAnswer: (message) => {
            const answer = probeAnswerSchema.safeParse(message)
            if (answer.success && answer.data.requestId === requestId) resolve(answer.data.result)
          },
        }
        probe.send({ requestId, path })
      })
    } finally {
      clearTimeout(deadline)
      current = null
      idleTimer = setTimeout(end, idleMs)
      idleTimer.unref()
    }
  }

  /** A file that breaks or stalls two fresh processes is to blame for it; of one, a busy or a full machine can be. */
  const look = async (path: string): Promise<ProbeResult> =>
    (await ask(path, answerWithinMs)) ??
    (await ask(path, answerAtLastWithinMs)) ?? { kind: 'not-a-video', detail: 'it breaks or stalls the parser' }

  return {
    probe: (path) => {
      const turn = last.then(() => look(path))
      // Whoever asked hears of a failure; whoever is next in line is not held up by it.
      last = turn.catch(() => undefined)
      return turn
    },
    [Symbol.asyncDispose]: async () => end(),
  }
}

/** Electron's own binary cannot be forked as Node once its fuses are set, so there the probe is a thread. */
function startProbe(options: Options, listener: ProbeListener): ProbeProcess {
  return process.versions['electron'] === undefined ? forkProbe(options, listener) : startThread(options.program, listener)
}

function forkProbe({ program, readableFolders }: Options, { onAnswer, onEnd, onNoStart }: ProbeListener): ProbeProcess {
  const child = fork(program, [], {
    execArgv: [`--max-old-space-size=${heapMegabytes}`, ...permissions(program, readableFolders)],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Nothing of ours is in its surroundings.
    env: {},
  })
  child.on('message', onAnswer)
  child.on('error', (error) => (child.pid === undefined ? onNoStart(error) : onEnd()))
  child.once('exit', onEnd)
  child.unref()
  child.channel?.unref()
  return { send: (request) => child.send(request), kill: () => child.kill('SIGKILL') }
}

/** Node's permission model: no writing, no processes, no threads, reading only where the file and the parser are. */
function permissions(program: string, readableFolders: readonly string[]): string[] {
  const parser = createRequire(program).resolve('mediainfo.js/package.json')
  const folders = [dirname(program), dirname(parser), join(dirname(parser), '..', 'zod'), ...readableFolders]
  // A folder may be reached through a link; what is opened is what lies behind it.
  const places = folders.flatMap((folder) => (existsSync(folder) ? [folder, realpathSync(folder)] : [folder]))
  return ['--permission', ...new Set(places.map((place) => `--allow-fs-read=${place}`))]
}

function startThread(program: string, { onAnswer, onEnd }: ProbeListener): ProbeProcess {
  const worker = new Worker(program, { name: 'media-probe', resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } })
  worker.on('message', onAnswer)
  worker.on('error', onEnd)
  worker.once('exit', onEnd)
  worker.unref()
  return { send: (request) => worker.postMessage(request), kill: () => void worker.terminate() }
}
