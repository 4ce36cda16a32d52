import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { median, peakMegabytes, root, signIn, startBackend } from './processes.mjs'

const mebibyte = 1024 ** 2

/** Writes a file and says its digest. */
function writeVideo(path, sizeBytes, isSparse) {
  const hash = createHash('sha256')
  const slice = isSparse ? Buffer.alloc(mebibyte) : null
  const file = openSync(path, 'w')
  for (let left = sizeBytes; left > 0;) {
    const bytes = (slice ?? randomBytes(Math.min(left, mebibyte))).subarray(0, Math.min(left, mebibyte))
    hash.update(bytes)
    if (!isSparse) writeSync(file, bytes)
    left -= bytes.length
  }
  closeSync(file)
  if (isSparse) truncateSync(path, sizeBytes)
  return hash.digest('hex')
}

/** Videos as uploads leave them, put there without uploading: what is measured comes after. */
function fill(dataDir, userId, sizes, isSparse) {
  const database = new DatabaseSync(join(dataDir, 'reelport.sqlite'))
  const upload = database.prepare(`INSERT INTO uploads (id, user_id, state, filename, size_bytes, offset_bytes,
    declared_duration_ms, sha256, video_id, created_at, ended_at) VALUES (?, ?, 'accepted', ?, ?, ?, 0, ?, ?, 1, 1)`)
  const video = database.prepare(`INSERT INTO videos (id, user_id, upload_id, filename, name_key, size_bytes, duration_ms,
    container, media_type, sha256, thumbnail, created_at) VALUES (?, ?, ?, ?, ?, ?, 1000, 'mp4', 'video/mp4', ?, 'none', 1)`)
  database.exec('BEGIN')
  for (const [index, size] of sizes.entries()) {
    const [uploadId, videoId] = [randomBytes(16).toString('base64url'), randomBytes(16).toString('base64url')]
    const name = `video ${index}.mp4`
    const sha256 = writeVideo(join(dataDir, 'videos', videoId), size, isSparse)
    upload.run(uploadId, userId, name, size, size, sha256, videoId)
    video.run(videoId, userId, uploadId, name, name, size, sha256)
  }
  database.exec('COMMIT')
  database.close()
}

function client(origin, token) {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
    const answer = await fetch(origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
}

async function makeBackup(call) {
  const { id } = await call('POST', '/backups')
  for (;;) {
    const backup = await call('GET', `/backups/${id}`)
    if (backup.state === 'ready') return backup
    if (backup.state === 'failed') throw new Error('the backup failed')
    await wait(50)
  }
}

/** More than a thread reads to begin: its program. */
const beginningBytes = 64 * 1024
/** As often as the app reads a restore that it follows (`main/restores/restores.ts`). */
const readEveryMs = 200

/**
 * How much the threads of archives have read so far, as the system counts it: what the progress of a restore should say, from
 * outside of the program that says it. Resolves with what was seen when, in order.
 */
async function watchReads(pid, isOver) {
  const threads = () =>
    readdirSync(`/proc/${pid}/task`).filter(
      (thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim() === 'archive',
    )
  const readBy = (thread) => Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/task/${thread}/io`, 'utf8'))?.[1])
  const total = () => threads().reduce((sum, thread) => sum + readBy(thread), 0)
  const before = total()
  const seen = []
  while (!isOver()) {
    seen.push({ at: performance.now(), bytes: total() - before })
    await wait(5)
  }
  return seen
}

/**
 * How old what a window shows is at its oldest, right before it shows what it read next: the time since the truth was no more than
 * what is shown.
 */
function lagsOf(reads, seen) {
  return reads.slice(1).flatMap(({ at }, index) => {
    const shown = reads[index].bytesDone
    const passed = seen.find(({ bytes }) => bytes > shown + beginningBytes)
    return passed === undefined || passed.at > at ? [0] : [at - passed.at]
  })
}

/** A restore from its request to its end, with how far behind its progress was and how long other requests took meanwhile. */
async function restore({ call, pid, backupId }) {
  const { id } = await call('POST', '/restores', { backupId, mode: 'keep-both' })
  const othersMs = []
  const reads = []
  let isOver = false
  const watching = watchReads(pid, () => isOver)
  const others = (async () => {
    while (!isOver) {
      const askedAt = performance.now()
      await call('GET', '/user/me')
      othersMs.push(performance.now() - askedAt)
      await wait(5)
    }
  })()
  for (;;) {
    const status = await call('GET', `/restores/${id}/status`)
    reads.push({ at: performance.now(), bytesDone: status.bytesDone })
    if (status.state === 'done') {
      const seconds = (Date.parse(status.endedAt) - Date.parse(status.createdAt)) / 1000
      isOver = true
      await others
      return { seconds, othersMs, lagsMs: lagsOf(reads, await watching) }
    }
    if (['failed', 'cancelled', 'paused'].includes(status.state)) throw new Error(`${status.state} ${status.code}`)
    await wait(readEveryMs)
  }
}

function unzip(archive, into) {
  mkdirSync(into)
  const startedAt = performance.now()
  const { status, stderr } = spawnSync('unzip', ['-q', archive, '-d', into])
  if (status !== 0) throw new Error(String(stderr))
  const seconds = (performance.now() - startedAt) / 1000
  rmSync(into, { recursive: true })
  return seconds
}

/**
 * Restores an archive of these sizes and unzips the same archive on the same disk, in turns. Ours compares every byte and is on
 * the disk when it ends; unzip compares a checksum and flushes nothing.
 */
export async function benchRestore({ sizes, isSparse = false, rounds }) {
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  try {
    const dataDir = join(folder, 'backend')
    const first = await startBackend(dataDir)
    const { user, token } = await signIn(first.origin)
    await first.stop()
    fill(dataDir, user.id, sizes, isSparse)
    const making = await startBackend(dataDir)
    const beganAt = performance.now()
    const { id } = await makeBackup(client(making.origin, token))
    const backupSeconds = (performance.now() - beganAt) / 1000
    const backupPeakMb = peakMegabytes(making.pid)
    await making.stop()
    const backend = await startBackend(dataDir)
    const call = client(backend.origin, token)
    const archive = join(dataDir, 'archives', readdirSync(join(dataDir, 'archives'))[0])
    const [ours, theirs, othersMs, lagsMs] = [[], [], [], []]
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(unzip(archive, join(folder, 'unzipped')))
      const run = await restore({ call, pid: backend.pid, backupId: id })
      ours.push(run.seconds)
      othersMs.push(...run.othersMs)
      lagsMs.push(...run.lagsMs)
    }
    const peakMb = peakMegabytes(backend.pid)
    await backend.stop()
    const [seconds, unzipSeconds] = [median(ours), median(theirs)]
    return { seconds, unzipSeconds, ratio: unzipSeconds / seconds, peakMb, othersMs, lagsMs, backupSeconds, backupPeakMb }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const smallEntries = Array.from({ length: 5000 }, (_, index) => 2000 + ((index * 7919) % 10_000))
