import { execFileSync, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { quotaAnswerSchema } from '../../../contract/quota'
import { loginAnswerSchema } from '../../../contract/sessions'
import { uploadAnswerSchema } from '../../../contract/uploads'
import { videosPageSchema } from '../../../contract/videos'
import { builtProgram, password, send } from '../../support/backend'
import { type BackendProcess, startBackendProcess } from '../../support/backend-process'
import type { Upload } from './plans'
import { ask, Sender } from './sender'
import { strike, type Site } from './strace'

const unlimited = ['--max-videos', 'none', '--max-minutes', 'none', '--max-file-mb', 'none', '--log-level', 'silent']
/** One thread for files, so that the n-th call of a thread is the n-th of its kind; and no ffmpeg, which would take its time. */
const surroundings = { env: { UV_THREADPOOL_SIZE: '1', PATH: '' } }

function startProcess(dataFolder: string, preload: string | null): Promise<BackendProcess> {
  const execArgv = preload === null ? [] : ['--import', preload]
  return startBackendProcess(dataFolder, unlimited, { ...surroundings, execArgv })
}

const findingsSchema = z.array(z.unknown())

/** The built backend on a data folder of its own, which may be struck, and what it owes to one person whatever happens to it. */
export class Victim implements AsyncDisposable {
  #process: BackendProcess
  #token = ''
  /** Uploads that were found stored so far; the quota counts them also when their videos were deleted. */
  #storedCount = 0

  private constructor(
    readonly dataFolder: string,
    readonly preload: string | null,
    started: BackendProcess,
  ) {
    this.#process = started
  }

  /** @param preload a module that is loaded before the program, to break it on purpose */
  static async start(dataFolder: string, preload: string | null = null): Promise<Victim> {
    const victim = new Victim(dataFolder, preload, await startProcess(dataFolder, preload))
    const json = { username: 'ana', password }
    await send(`${victim.origin}/auth/register`, 'POST', { json })
    const { token } = loginAnswerSchema.parse((await send(`${victim.origin}/auth/login`, 'POST', { json })).json())
    victim.#token = token
    return victim
  }

  get origin(): string {
    return this.#process.url
  }

  get pid(): number {
    const { pid } = this.#process.child
    if (pid === undefined) throw new Error('the backend has no process')
    return pid
  }

  /** True where it answers; false when it is gone, its last write included. */
  async answers(): Promise<boolean> {
    const { child } = this.#process
    if ((await ask(`${this.origin}/healthz`, { method: 'GET', headers: {} })) !== null) return true
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    return false
  }

  async kill(): Promise<void> {
    await this.#process.kill()
  }

  /** Starts it and lets it die at a call; where it makes none such, at the moment that it is ready. */
  async dieWhileStarting(site: Site): Promise<void> {
    const child = fork(builtProgram('backend.js'), ['--data-dir', this.dataFolder, '--port', '0', ...unlimited], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...surroundings.env },
    })
    const gone = once(child, 'exit')
    if (child.pid === undefined) throw new Error('the backend has no process')
    await using _strike = await strike(child.pid, site, 'SIGKILL')
    await Promise.race([gone, once(child, 'message')])
    child.kill('SIGKILL')
    await gone
  }

  async startAgain(): Promise<void> {
    await this.#process.kill()
    this.#process = await startProcess(this.dataFolder, this.preload)
  }

  newSender(upload: Upload): Sender {
    return new Sender(upload, this.#token, randomUUID())
  }

  /** What is on the disk of the upload holds every byte that was acknowledged, whether or not anything runs. */
  expectDurable({ file, location, acknowledgedBytes }: Sender): void {
    if (acknowledgedBytes === 0) return
    const id = location?.split('/').at(-1) ?? ''
    const promised = file.subarray(0, acknowledgedBytes)
    const holds = (path: string): boolean => readFileSync(path).subarray(0, acknowledgedBytes).equals(promised)
    const places = ['partials', 'videos'].flatMap((folder) => {
      const within = join(this.dataFolder, folder)
      // A sealed file has the name of its video, which its sender may not have heard yet.
      return readdirSync(within).flatMap((name) => (folder === 'videos' || name === id ? [join(within, name)] : []))
    })
    if (!places.some(holds)) throw new Error(`${acknowledgedBytes} acknowledged bytes are not on the disk`)
  }

  /** A partial file is the beginning of its source, up to the offset that the backend says. */
  expectPrefix({ file, location, acknowledgedBytes }: Sender): void {
    const id = location?.split('/').at(-1)
    if (id === undefined || !readdirSync(join(this.dataFolder, 'partials')).includes(id)) return
    const kept = readFileSync(join(this.dataFolder, 'partials', id)).subarray(0, acknowledgedBytes)
    if (!kept.equals(file.subarray(0, acknowledgedBytes))) throw new Error('the partial file is no prefix of its source')
  }

  /** The upload was accepted: its bytes are stored as they were sent, and counted once. */
  async expectStored({ file, location, sha256 }: Sender): Promise<string> {
    const state = uploadAnswerSchema.parse(await this.#get(location ?? ''))
    if (state.state !== 'accepted' || state.sha256 !== sha256 || state.videoId === null) {
      throw new Error(`after the end of the upload: ${JSON.stringify(state)}`)
    }
    if (!readFileSync(join(this.dataFolder, 'videos', state.videoId)).equals(file)) {
      throw new Error('the stored bytes are not those of the file')
    }
    this.#storedCount += 1
    await this.#expectCounted()
    return state.videoId
  }

  /** One video is there, and the quota counts each upload once and keeps nothing for what has ended. */
  async #expectCounted(): Promise<void> {
    const { usage, stored } = quotaAnswerSchema.parse(await this.#get('/user/session'))
    const { videos } = videosPageSchema.parse(await this.#get('/videos'))
    const found = [videos.length, stored.videos_count, usage.videos_count, usage.reserved_videos]
    const owed = [1, 1, this.#storedCount, 0]
    if (found.join() !== owed.join()) {
      throw new Error(`shown, stored, counted and reserved are ${found.join()} instead of ${owed.join()}`)
    }
  }

  async deleteVideo(id: string): Promise<void> {
    const answer = await send(`${this.origin}/videos/${id}`, 'DELETE', { token: this.#token })
    if (answer.status !== 204) throw new Error(`deleting answered ${answer.status}: ${answer.text}`)
  }

  /** What the backend's own check of everything finds. */
  check(): void {
    const args = [builtProgram('admin.js'), '--data-dir', this.dataFolder, 'check', '--json']
    const findings = findingsSchema.parse(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })))
    if (findings.length > 0) throw new Error(`the check finds ${JSON.stringify(findings)}`)
  }

  async #get(path: string): Promise<unknown> {
    return (await send(this.origin + path, 'GET', { token: this.#token })).json()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill()
  }
}
