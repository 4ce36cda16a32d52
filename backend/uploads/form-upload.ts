import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { videoIdSchema } from '../../contract/ids'
import type { Config } from '../config'
import type { Database } from '../db/database'
import type { Handlers } from '../http/handlers'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import { findVideo, toVideo } from '../videos/videos-table'
import { checkFilename } from './upload-metadata'
import { verdictOf } from './upload-verdict'
import type { Uploads } from './uploads'
import type { UploadRow } from './uploads-table'

type Parts = { readonly db: Database; readonly uploads: Uploads; readonly config: Pick<Config, 'uploadIdleMs'> }

/** `POST /upload-video`: a form with the part `file`, for scripts. It is an upload like any other, made in one request. */
export function formUploadHandlers({ db, uploads, config }: Parts) {
  return {
    uploadVideo: async ({ who, request }) => {
      const part = await readFilePart(request, config.uploadIdleMs)
      const filename = checkFilename(Buffer.from(nameOf(part), 'utf8'))
      const declared = { filename, filetype: part.mimetype, durationMs: 0, sha256: null, purpose: 'video' as const }
      const created = await uploads.create(who, declared, { sizeBytes: null, creationKey: null })
      const upload = await receiveWhole(uploads, who, created, part)
      const video = await findVideo(db, who.userId, videoIdSchema.parse(upload.videoId))
      if (video === undefined) throw new ProblemError('not_found')
      return { status: 201, body: toVideo(video) }
    },
  } satisfies Partial<Handlers>
}

async function readFilePart(request: FastifyRequest, patienceMs: number): Promise<MultipartFile> {
  const part = await firstFile(request, patienceMs)
  if (part?.fieldname === 'file') return part
  const fields = [{ path: 'file', message: 'the form must begin with the part `file`' }]
  throw new ProblemError('invalid_request', { extra: { fields } })
}

/** A part of bytes without a name is a file as well, whatever the type of the library says. */
function nameOf({ filename }: { readonly filename?: string | undefined }): string {
  return filename ?? ''
}

async function firstFile(request: FastifyRequest, patienceMs: number): Promise<MultipartFile | undefined> {
  if (!request.isMultipart()) throw new ProblemError('unsupported_media_type', { detail: 'Send multipart/form-data.' })
  const { promise: late, reject } = Promise.withResolvers<never>()
  // From the file on, silence is watched for; before it a form that never comes would be waited for without end.
  const timer = setTimeout(() => {
    reject(new ProblemError('request_timeout', { headers: { connection: 'close' } }))
  }, patienceMs)
  try {
    return await Promise.race([request.file(), late])
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw new ProblemError('invalid_request', { detail: 'The form is not whole.' }, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

async function receiveWhole(
  uploads: Uploads,
  who: Identity,
  { id }: UploadRow,
  { file }: MultipartFile,
): Promise<UploadRow> {
  try {
    const bytes = { body: file, offsetBytes: 0, lengthBytes: undefined, checksum: null, onOffset: null }
    const { offsetBytes } = await uploads.receive(who, id, bytes)
    await uploads.declareLength(who, id, offsetBytes)
    return verdictOf(await uploads.head(who, id))
  } catch (error) {
    // Nobody can resume a form: what is unfinished goes, with its reservation. A held file stays.
    if ((await uploads.find(who, id)).state === 'receiving') await uploads.terminate(who, id)
    throw error
  }
}
