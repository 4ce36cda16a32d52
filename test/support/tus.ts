import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { uploadAnswerSchema, type UploadAnswer } from '../../contract/uploads'
import type { Answer, TestUser } from './backend'

export const tus = { 'tus-resumable': '1.0.0' }
export const octets = { ...tus, 'content-type': 'application/offset+octet-stream' }

/** Upload-Metadata as a client writes it. */
export function metadata(pairs: Readonly<Record<string, string | Buffer>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

type Creation = {
  readonly sizeBytes: number
  readonly filename?: string
  readonly duration?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Creates an upload; the answer as it came. */
export function create(user: TestUser, { sizeBytes, filename = 'a.mp4', duration, headers }: Creation): Promise<Answer> {
  const pairs = { filename, ...(duration !== undefined && { duration: String(duration) }) }
  return user.send('POST', '/uploads', {
    headers: { ...tus, 'upload-length': String(sizeBytes), 'upload-metadata': metadata(pairs), ...headers },
  })
}

/** Creates an upload that must be granted, and gives its address. */
export async function created(user: TestUser, creation: Creation): Promise<string> {
  const answer = await create(user, creation)
  const location = answer.headers.get('location')
  if (answer.status !== 201 || location === null) throw new Error(`creation answered ${answer.status}: ${answer.text}`)
  return location
}

export function patch(
  user: TestUser,
  location: string,
  offsetBytes: number,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return user.send('PATCH', location, {
    headers: { ...octets, 'upload-offset': String(offsetBytes), ...headers },
    body: bytes,
  })
}

/** Sends a whole file: creation and one PATCH. */
export async function uploadFile(
  user: TestUser,
  path: string,
  options: { readonly filename?: string; readonly duration?: number } = {},
): Promise<{ readonly location: string; readonly answer: Answer; readonly state: UploadAnswer }> {
  const bytes = await readFile(path)
  const location = await created(user, { sizeBytes: bytes.length, filename: options.filename ?? basename(path), ...options })
  const answer = await patch(user, location, 0, bytes)
  return { location, answer, state: await stateOf(user, location) }
}

export async function stateOf(user: TestUser, location: string): Promise<UploadAnswer> {
  return uploadAnswerSchema.parse((await user.send('GET', location)).json())
}
