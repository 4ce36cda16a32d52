import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { HashAnswer, HashRequest } from './hash-messages'

/** Hashes files behind their writers, out of the page cache, a slice of each in turn. A worker thread of the backend. */

const sliceBytes = 256 * 1024
const slice = Buffer.allocUnsafe(sliceBytes)

type Job = {
  readonly path: string
  readonly hash: Hash
  hashedBytes: number
  knownBytes: number
  /** Set when the whole is wanted. */
  digestAtBytes: number | null
  file: number | null
}

const jobs = new Map<string, Job>()
let isRunning = false

function receive(request: HashRequest): void {
  if (request.kind === 'forget') {
    const job = jobs.get(request.id)
    if (job !== undefined) close(job)
    jobs.delete(request.id)
    return
  }
  const job = jobs.get(request.id) ?? newJob(request.path)
  jobs.set(request.id, job)
  if (request.kind === 'advance') job.knownBytes = Math.max(job.knownBytes, request.committedBytes)
  else {
    job.knownBytes = request.sizeBytes
    job.digestAtBytes = request.sizeBytes
  }
  if (isRunning) return
  isRunning = true
  setImmediate(runOneRound)
}

function newJob(path: string): Job {
  return { path, hash: createHash('sha256'), hashedBytes: 0, knownBytes: 0, digestAtBytes: null, file: null }
}

/** A slice of every job that has something to do; then messages are let in. */
function runOneRound(): void {
  let isBusy = false
  for (const [id, job] of jobs) {
    try {
      if (job.hashedBytes < job.knownBytes) hashSlice(job)
      if (job.digestAtBytes !== null && job.hashedBytes >= job.digestAtBytes) {
        jobs.delete(id)
        close(job)
        answer({ kind: 'digest', id, sha256: job.hash.digest('hex') })
      } else if (job.hashedBytes < job.knownBytes) isBusy = true
      // An upload can pause for days; only its few bytes of state stay.
      else close(job)
    } catch (error) {
      jobs.delete(id)
      close(job)
      answer({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) })
    }
  }
  if (isBusy) setImmediate(runOneRound)
  else isRunning = false
}

function hashSlice(job: Job): void {
  job.file ??= openSync(job.path, 'r')
  const wanted = Math.min(sliceBytes, job.knownBytes - job.hashedBytes)
  const sizeBytes = readSync(job.file, slice, 0, wanted, job.hashedBytes)
  if (sizeBytes === 0) throw new Error(`the file ends at ${job.hashedBytes} of ${job.knownBytes} bytes`)
  job.hash.update(slice.subarray(0, sizeBytes))
  job.hashedBytes += sizeBytes
}

function close(job: Job): void {
  if (job.file !== null) closeSync(job.file)
  job.file = null
}

function answer(message: HashAnswer): void {
  parentPort?.postMessage(message)
}

// The only sender is `blob-hasher.ts`, whose messages have this type.
parentPort?.on('message', (message: HashRequest) => receive(message))
