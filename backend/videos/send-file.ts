import { open, type FileHandle } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import { writeReprDigest } from '../uploads/tus-headers'
import { attachment, chooseRange } from './content-range'
import type { RunningDownloads } from './running-downloads'

export type SentFile = {
  readonly path: string
  readonly filename: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly createdAt: number
}

/** Answers with a file or a range of it, as RFC 9110 has it: validators, ranges, digest, and a name to be saved under. */
export async function sendFile(
  downloads: RunningDownloads,
  { who, request, reply }: { readonly who: Identity; readonly request: FastifyRequest; readonly reply: FastifyReply },
  { path, filename, mediaType, sizeBytes, sha256, createdAt }: SentFile,
): Promise<void> {
  const etag = `"${sha256}"`
  protectFile(reply)
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'repr-digest': writeReprDigest(sha256),
    'content-disposition': attachment(filename),
    'last-modified': new Date(createdAt).toUTCString(),
  })
  if (request.headers['if-none-match'] === etag) {
    await reply.code(304).send()
    return
  }
  const { 'if-range': ifRange } = request.headers
  // RFC 9110, 14.2: ranges are for GET alone.
  const range = request.method === 'GET' ? request.headers.range : undefined
  const choice = chooseRange({ range, ifRange: asOne(ifRange), etag, sizeBytes })
  if (choice.kind === 'unsatisfiable') {
    throw new ProblemError('range_not_satisfiable', { headers: { 'content-range': `bytes */${sizeBytes}` } })
  }
  const isPart = choice.kind === 'part'
  const [start, end] = isPart ? [choice.start, choice.end] : [0, sizeBytes - 1]
  if (isPart) reply.code(206).header('content-range', `bytes ${start}-${end}/${sizeBytes}`)
  reply.type(mediaType).header('content-length', String(end - start + 1))
  const file = await openOrRefuse(path)
  if (request.method === 'HEAD') {
    await file.close()
    await reply.send()
  } else await downloads.send(reply, { who, file, start, end })
}

/** What a stranger made is never run and never shown as a page. */
export function protectFile(reply: FastifyReply): void {
  reply.headers({
    'cache-control': 'private, no-cache',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
  })
}

export async function openOrRefuse(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    // Deleted between the row and the file, by another request.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new ProblemError('not_found', {}, { cause: error })
    }
    throw error
  }
}

function asOne(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
