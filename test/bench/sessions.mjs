import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { root, signIn, startBackend } from './processes.mjs'

const json = { 'content-type': 'application/json' }
const agent = new Agent({ keepAlive: true })

/** Sends a request and reads its status and text. */
function send(origin, method, path, { token, headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const call = request(`${origin}${path}`, { method, agent, headers: { ...authorization, ...headers } }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += String(chunk)))
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }))
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** Bytes without end, as fast as the backend takes them. */
function startUpload(origin, token, path) {
  const chunk = Buffer.alloc(64 * 1024, 7)
  const headers = {
    authorization: `Bearer ${token}`,
    'tus-resumable': '1.0.0',
    'content-type': 'application/offset+octet-stream',
    'upload-offset': '0',
  }
  const call = request(`${origin}${path}`, { method: 'PATCH', headers })
  const feed = () => {
    while (!call.destroyed && call.write(chunk));
  }
  call.on('drain', feed)
  feed()
  return new Promise((resolve) => {
    call.on('response', (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode, at: performance.now() })
      call.destroy()
    })
    call.on('error', () => undefined)
  })
}

const offsetOf = async (origin, token, path) => JSON.parse((await send(origin, 'GET', path, { token })).text).offsetBytes

async function createUpload(origin, token) {
  const headers = {
    'tus-resumable': '1.0.0',
    'upload-length': String(64 * 1024 ** 3),
    'upload-metadata': 'filename YS5tcDQ=',
  }
  return (await send(origin, 'POST', '/uploads', { token, headers })).headers.location
}

/**
 * One device signs another out: from the sending of that to the first refusal of the other, which asks without pause; and
 * what is accepted of an upload after the answer.
 */
export async function benchSignOut(times, uploadEvery = 5) {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  const { origin, stop } = await startBackend(folder)
  const refusedMs = []
  const stoppedMs = []
  const acceptedBytes = []
  try {
    const { token: owner } = await signIn(origin)
    for (let turn = 0; turn < times; turn += 1) {
      const { token, session } = await signIn(origin)
      const path = turn % uploadEvery === 0 ? await createUpload(origin, token) : null
      const uploading = path === null ? null : startUpload(origin, token, path)
      while (path !== null && (await offsetOf(origin, owner, path)) < 4 * 1024 ** 2);
      const asking = (async () => {
        while ((await send(origin, 'GET', '/user/me', { token })).status === 200);
        return performance.now()
      })()
      const sentAt = performance.now()
      const answer = await send(origin, 'DELETE', `/user/sessions/${session.id}`, { token: owner })
      if (answer.status !== 204) throw new Error(`the sign-out answered ${answer.status}: ${answer.text}`)
      const offsetBytes = path === null ? 0 : await offsetOf(origin, owner, path)
      refusedMs.push((await asking) - sentAt)
      if (path === null) continue
      stoppedMs.push((await uploading).at - sentAt)
      acceptedBytes.push((await offsetOf(origin, owner, path)) - offsetBytes)
      await send(origin, 'DELETE', path, { token: owner, headers: { 'tus-resumable': '1.0.0' } })
    }
    return { refusedMs, stoppedMs, acceptedBytes }
  } finally {
    await stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Two hundred sign-ins at once, and how long everything else takes meanwhile. */
export async function benchCrowd(signIns) {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  const { origin, stop } = await startBackend(folder)
  try {
    const { token } = await signIn(origin)
    const account = { username: 'crowd', password: 'correct horse battery' }
    await send(origin, 'POST', '/auth/register', { headers: json, body: JSON.stringify(account) })
    const othersMs = []
    let isOver = false
    const asking = (async () => {
      while (!isOver) {
        const startedAt = performance.now()
        await send(origin, 'GET', '/user/me', { token })
        othersMs.push(performance.now() - startedAt)
      }
    })()
    const login = { headers: json, body: JSON.stringify(account) }
    const answers = await Promise.all(Array.from({ length: signIns }, () => send(origin, 'POST', '/auth/login', login)))
    isOver = true
    await asking
    const statuses = {}
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
    return { othersMs, statuses }
  } finally {
    await stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The value that a share of all values does not exceed. */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
