import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBackend, type Backend } from '../../backend/backend'
import { defaults, type Config } from '../../backend/config'
import { systemRandom } from '../../backend/ids'
import { problemSchema, type Problem } from '../../contract/problems'
import { quotaAnswerSchema, type QuotaAnswer } from '../../contract/quota'
import { loginAnswerSchema } from '../../contract/sessions'

/** Another folder for whoever works on the backend alone while `out` is being built. */
const built = process.env['REELPORT_BUILT'] ?? join(import.meta.dirname, '..', '..', 'out', 'main')

/** Path of a built program. Tests never build: `npm test` has done it before them. */
export function builtProgram(
  name: 'admin.js' | 'archive-worker.js' | 'backend.js' | 'media-probe.js' | 'hash-worker.js',
): string {
  const path = join(built, name)
  if (!existsSync(path)) throw new Error(`${path} is not there: run "npm run build" first`)
  return path
}

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: () => unknown
  readonly problem: () => Problem
}

export type Send = {
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: BodyInit
  readonly token?: string
}

/** Sends a request to a backend and reads the whole answer. */
export async function send(url: string, method: string, { headers = {}, json, body, token }: Send = {}): Promise<Answer> {
  const isJson = json !== undefined
  const response = await fetch(url, {
    method,
    headers: {
      ...(isJson && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(isJson ? { body: JSON.stringify(json) } : body !== undefined && { body }),
    redirect: 'error',
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as unknown,
    problem: () => problemSchema.parse(JSON.parse(text)),
  }
}

export type TestUser = {
  readonly username: string
  readonly token: string
  readonly send: (method: string, path: string, options?: Send) => Promise<Answer>
  readonly quota: () => Promise<QuotaAnswer>
}

export type TestBackend = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly backend: Backend
  readonly dataFolder: string
  /** The backend's clock; add to it to let time pass. */
  readonly clock: { now: number }
  readonly send: (method: string, path: string, options?: Send) => Promise<Answer>
  readonly signUp: (username?: string) => Promise<TestUser>
  readonly signIn: (username?: string) => Promise<TestUser>
  /** Takes the backend apart and starts it again on the same data. */
  readonly restart: () => Promise<void>
}

export const password = 'correct horse'

/** A real backend in this process, on a folder and a port of its own: `await using backend = await startTestBackend()`. */
export async function startTestBackend(change: Partial<Config> = {}): Promise<TestBackend> {
  const dataFolder = change.dataFolder ?? (await mkdtemp(join(tmpdir(), 'reelport-backend-')))
  const clock = { now: Date.now() }
  const config: Config = {
    ...defaults,
    port: 0,
    registration: 'open',
    logLevel: 'silent',
    diskReserveBytes: 0,
    searchPath: '',
    programs: {
      mediaProbe: builtProgram('media-probe.js'),
      hashWorker: builtProgram('hash-worker.js'),
      archiveWorker: builtProgram('archive-worker.js'),
    },
    ...change,
    dataFolder,
  }
  const start = (): Promise<Backend> => startBackend(config, { now: () => clock.now, random: systemRandom })
  let backend = await start()
  const sendTo = (method: string, path: string, options?: Send): Promise<Answer> =>
    send(`http://127.0.0.1:${backend.port}${path}`, method, options)

  const signIn = async (username = 'ana'): Promise<TestUser> => {
    const answer = await sendTo('POST', '/auth/login', { json: { username, password } })
    const { token } = loginAnswerSchema.parse(answer.json())
    const sendAs = (method: string, path: string, options?: Send): Promise<Answer> =>
      sendTo(method, path, { token, ...options })
    return {
      username,
      token,
      send: sendAs,
      quota: async () => quotaAnswerSchema.parse((await sendAs('GET', '/user/session')).json()),
    }
  }
  return {
    get url() {
      return `http://127.0.0.1:${backend.port}`
    },
    get port() {
      return backend.port
    },
    get backend() {
      return backend
    },
    dataFolder,
    clock,
    send: sendTo,
    signIn,
    signUp: async (username = 'ana') => {
      const { status, text } = await sendTo('POST', '/auth/register', { json: { username, password } })
      if (status !== 201) throw new Error(`sign-up answered ${status}: ${text}`)
      return signIn(username)
    },
    restart: async () => {
      await backend[Symbol.asyncDispose]()
      backend = await start()
    },
    [Symbol.asyncDispose]: async () => {
      await backend[Symbol.asyncDispose]()
      if (change.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
