import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loginAnswerSchema } from '../../contract/sessions'
import { password, send } from '../support/backend'
import { startBackendProcess, type BackendProcess } from '../support/backend-process'
import { metadata, octets, tus } from '../support/tus'
import { temporaryFolder } from '../support/temporary-folder'
import { paddedVideo } from '../support/videos'

const mebibyte = 1024 * 1024

async function signIn({ url }: BackendProcess): Promise<string> {
  const json = { username: 'ana', password }
  await send(`${url}/auth/register`, 'POST', { json })
  return loginAnswerSchema.parse((await send(`${url}/auth/login`, 'POST', { json })).json()).token
}

/** Sends from an offset until the backend dies or answers; tells how much went into the socket. */
function sendFrom(
  url: string,
  token: string,
  file: Buffer,
  offsetBytes: number,
  onSent: (sentBytes: number) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const headers = { ...octets, authorization: `Bearer ${token}`, 'upload-offset': offsetBytes }
    const length = { 'content-length': file.length - offsetBytes }
    const call = request(url, { method: 'PATCH', headers: { ...headers, ...length } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    call.on('error', () => resolve(0))
    const write = (at: number): void => {
      if (at >= file.length) return void call.end()
      const next = Math.min(at + mebibyte, file.length)
      call.write(file.subarray(at, next), (error) => {
        onSent(next)
        if (!error) write(next)
      })
    }
    write(offsetBytes)
  })
}

describe('a backend that is killed', () => {
  it('has every byte that it acknowledged, wherever it was struck', async () => {
    using folder = temporaryFolder()
    const dataFolder = join(folder.path, 'data')
    const file = await readFile(await paddedVideo({ name: 'killed.mp4', sizeBytes: 96 * mebibyte }))
    let backend = await startBackendProcess(dataFolder)
    const token = await signIn(backend)
    const pairs = metadata({ filename: 'killed.mp4' })
    const headers = { ...tus, 'upload-length': String(file.length), 'upload-metadata': pairs }
    const location = (await send(`${backend.url}/uploads`, 'POST', { token, headers })).headers.get('location') ?? ''
    const offsetOf = async (): Promise<number> =>
      Number((await send(backend.url + location, 'HEAD', { token, headers: tus })).headers.get('upload-offset'))

    for (const killAtMebibytes of [21, 37, 70]) {
      const offsetBytes = await offsetOf()
      let sentBytes = offsetBytes
      let acknowledgedBytes = offsetBytes
      let killing: Promise<void> | undefined
      const asking = new AbortController()
      const ended = sendFrom(backend.url + location, token, file, offsetBytes, (sent) => {
        sentBytes = sent
        if (sent >= killAtMebibytes * mebibyte) killing ??= backend.kill()
        else if (sent % (4 * mebibyte) === 0 && !asking.signal.aborted) {
          // What a HEAD says on the way is a promise like any other.
          offsetOf().then(
            (offset) => (acknowledgedBytes = Math.max(acknowledgedBytes, offset)),
            () => asking.abort(),
          )
        }
      })
      expect(await ended).toBe(0)
      await killing
      backend = await startBackendProcess(dataFolder)
      const kept = await offsetOf()
      expect(kept).toBeGreaterThanOrEqual(acknowledgedBytes)
      // Sixteen for what is not committed, the rest for what lay in the sockets.
      expect(sentBytes - kept).toBeLessThanOrEqual(24 * mebibyte)
      const partial = await readFile(join(dataFolder, 'partials', location.split('/').at(-1) ?? '')).catch(() =>
        Buffer.alloc(0),
      )
      expect(partial.equals(file.subarray(0, kept))).toBe(true)
    }
    expect(await sendFrom(backend.url + location, token, file, await offsetOf(), () => undefined)).toBe(204)
    const state = (await send(backend.url + location, 'GET', { token })).json()
    expect(state).toMatchObject({ state: 'accepted', sha256: createHash('sha256').update(file).digest('hex') })
    await backend.kill()
  })

  it('finishes what had its last byte, and counts it once', async () => {
    using folder = temporaryFolder()
    const dataFolder = join(folder.path, 'data')
    const file = await readFile(await paddedVideo({ name: 'killed-late.mp4', sizeBytes: 4 * mebibyte }))
    for (const delayMs of [0, 20, 200]) {
      let backend = await startBackendProcess(dataFolder)
      const token = await signIn(backend)
      const pairs = metadata({ filename: 'late.mp4' })
      const headers = { ...tus, 'upload-length': String(file.length), 'upload-metadata': pairs }
      const location = (await send(`${backend.url}/uploads`, 'POST', { token, headers })).headers.get('location') ?? ''
      let killed: Promise<void> | undefined
      await sendFrom(backend.url + location, token, file, 0, (sent) => {
        // The moment itself is what is tried here: before, while and after the verdict.
        if (sent === file.length) killed = new Promise((resolve) => setTimeout(() => resolve(backend.kill()), delayMs))
      })
      await killed
      backend = await startBackendProcess(dataFolder)
      const offset = Number(
        (await send(backend.url + location, 'HEAD', { token, headers: tus })).headers.get('upload-offset'),
      )
      if (offset < file.length) {
        expect(await sendFrom(backend.url + location, token, file, offset, () => undefined)).toBe(204)
      }
      expect((await send(backend.url + location, 'GET', { token })).json()).toMatchObject({ state: 'accepted' })
      const quota = (await send(`${backend.url}/user/session`, 'GET', { token })).json()
      expect(quota).toMatchObject({ usage: { reserved_videos: 0 } })
      const videos = (await send(`${backend.url}/videos`, 'GET', { token })).json() as { videos: unknown[] }
      expect(quota).toMatchObject({ usage: { videos_count: videos.videos.length } })
      await backend.kill()
    }
  })
})
