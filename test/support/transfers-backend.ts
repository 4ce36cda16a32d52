import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { backendMessageSchema } from '../../contract/backend-process'
import { AppError } from '../../contract/failures'
import type { UserId } from '../../contract/ids'
import { quotaAnswerSchema, type QuotaAnswer } from '../../contract/quota'
import { loginAnswerSchema, tempTokenAnswerSchema } from '../../contract/sessions'
import { uploadAnswerSchema } from '../../contract/uploads'
import { type Video, videosPageSchema } from '../../contract/videos'
import { failureOfProblem, parseProblem } from '../../main/backend/problem-failure'
import type { TempToken, TokenUse } from '../../main/transfers/process-messages'
import type { Twin } from '../../main/transfers/transfer-entry'
import type { SoughtTwin } from '../../main/uploads/run-ports'

/** The built programs, as the app has them. */
export const programDir = join(import.meta.dirname, '..', '..', 'out', 'main')

/** The real backend as a process of its own, which can be killed; and one signed-in person who speaks to it. */
export class BackendProgram implements AsyncDisposable {
  #child: ChildProcess | null = null
  #port = 0
  #token = ''
  #userId: UserId | null = null

  private constructor(
    readonly dataDir: string,
    readonly limits: readonly string[],
  ) {}

  /** @param limits flags of the backend; without them an upload of any size and length fits */
  static async start(dataDir: string, limits: readonly string[] = []): Promise<BackendProgram> {
    const program = new BackendProgram(dataDir, limits)
    await program.startAgain()
    await program.signIn('somebody')
    return program
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  get userId(): UserId {
    if (this.#userId === null) throw new Error('Nobody is signed in')
    return this.#userId
  }

  async startAgain(): Promise<void> {
    const path = join(programDir, 'backend.js')
    if (!existsSync(path)) throw new Error('The programs are not built: run `npm run build` first.')
    const free = ['--max-videos', 'none', '--max-minutes', 'none', '--max-file-mb', 'none']
    const args = ['--data-dir', this.dataDir, '--port', String(this.#port), '--log-level', 'error', ...free, ...this.limits]
    const child = fork(path, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child = child
    const [raw] = await once(child, 'message')
    const message = backendMessageSchema.parse(raw)
    if (message.kind === 'failed') throw new Error(message.detail)
    this.#port = message.port
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }

  async signIn(username: string): Promise<void> {
    const body = { username, password: 'correct horse battery' }
    await this.#fetch('/auth/register', { method: 'POST', body })
    const answer = loginAnswerSchema.parse(await this.#fetch('/auth/login', { method: 'POST', body }))
    this.#token = answer.token
    this.#userId = answer.user.id
  }

  /** Ends the session, and with it every temporary token that was made with it. */
  async signOut(): Promise<void> {
    await this.#fetch('/auth/logout', { method: 'POST' })
  }

  async requestTempToken(use: TokenUse): Promise<TempToken> {
    const uploadId = use.operation === 'upload' ? use.uploadId : null
    const body = { operation: use.operation, ...(uploadId === null ? {} : { uploadId }) }
    const answer = await this.#fetch('/temp-tokens', { method: 'POST', body })
    const { temp_token: tempToken, expires_at: expiresAt } = tempTokenAnswerSchema.parse(answer)
    return { tempToken, expiresAt }
  }

  async findTwin({ sizeBytes, sha256 }: SoughtTwin): Promise<Twin | null> {
    const digest = sha256 === null ? '' : `&sha256=${sha256}`
    const page = await this.#fetch(`/videos?sizeBytes=${sizeBytes}${digest}&sort=largest&limit=1`)
    const [video] = videosPageSchema.parse(page).videos
    return video === undefined ? null : { videoId: video.id, name: video.filename, uploadedAt: video.createdAt }
  }

  async acceptHeldUpload(uploadId: string) {
    const answer = await this.#fetch(`/uploads/${uploadId}/accept`, { method: 'POST' })
    return { videoId: uploadAnswerSchema.parse(answer).videoId }
  }

  async videos(): Promise<readonly Video[]> {
    return videosPageSchema.parse(await this.#fetch('/videos')).videos
  }

  async deleteVideo(id: string): Promise<void> {
    await this.#fetch(`/videos/${id}`, { method: 'DELETE' })
  }

  async quota(): Promise<QuotaAnswer> {
    return quotaAnswerSchema.parse(await this.#fetch('/user/session'))
  }

  /** @throws AppError as main's own client would */
  async #fetch(path: string, { method = 'GET', body }: { method?: string; body?: object } = {}): Promise<unknown> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers: {
        ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new AppError({ code: 'backend-unreachable' }, { cause })
    })
    const text = await response.text()
    const answer: unknown = text === '' ? null : JSON.parse(text)
    // Registering a name again is how a second sign-in begins.
    if (response.ok || response.status === 409) return answer
    const problem = parseProblem(answer)
    if (problem === null) throw new Error(`HTTP ${response.status}: ${text}`)
    throw new AppError(failureOfProblem(problem, { retryAfterSeconds: 0 }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL')
  }
}
