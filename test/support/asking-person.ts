import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { backupIdSchema, jobIdSchema, uploadIdSchema, userIdSchema, videoIdSchema, type UserId } from '../../contract/ids'
import { loginAnswerSchema, tempTokenAnswerSchema, type Role, type TempTokenOperation } from '../../contract/sessions'
import { newApiTokenSchema } from '../../contract/tokens'
import { newId, systemRandom } from '../../backend/ids'
import type { TestBackend } from './backend'
import { metadata, tus } from './tus'

export type ObjectKind = 'upload' | 'video' | 'session' | 'api-token' | 'backup' | 'restore'

/** The kinds of credential, the good ones and what is no credential any more, each as the headers that carry it. */
export type CredentialKind =
  | 'nothing'
  | 'session'
  | 'signed-out session'
  | 'api-token'
  | 'revoked api-token'
  | 'api-token as bearer'
  | 'temp-token of the upload'
  | 'unused temp-token'
  | 'temp-token for a download'
  | 'temp-token for a backup'
  | 'temp-token of the restore'

export type AskingPerson = {
  readonly username: string
  readonly password: string
  readonly credentials: Readonly<Record<CredentialKind, Readonly<Record<string, string>>>>
  /** One object of each kind that is theirs. */
  readonly objects: Readonly<Record<ObjectKind, string>>
}

const password = 'a password of theirs'
// As cheap as can be: how dear the real ones are is another test's promise.
const passwordHash = hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })

/** An account with everything that can be asked with and asked for. */
export async function makePerson(server: TestBackend, role: Role): Promise<AskingPerson> {
  const userId = newId(userIdSchema, systemRandom)
  const username = `u${userId}`
  await server.backend.db
    .insertInto('users')
    .values({
      id: userId,
      username,
      usernameKey: username.toLowerCase(),
      displayName: null,
      email: null,
      passwordHash: await passwordHash,
      role,
      disabledAt: null,
      createdAt: server.clock.now,
    })
    .execute()
  const signIn = async (): Promise<{ id: string; headers: { authorization: string } }> => {
    const answer = await server.send('POST', '/auth/login', { json: { username, password } })
    const { token, session } = loginAnswerSchema.parse(answer.json())
    return { id: session.id, headers: { authorization: `Bearer ${token}` } }
  }
  const [here, elsewhere, gone] = [await signIn(), await signIn(), await signIn()]
  const { headers } = here
  await server.send('POST', '/auth/logout', { headers: gone.headers })

  const makeKey = async () =>
    newApiTokenSchema.parse((await server.send('POST', '/api/token/', { headers, json: { name: 'key' } })).json())
  const [key, revoked] = [await makeKey(), await makeKey()]
  await server.send('DELETE', `/api/token/${revoked.id}`, { headers })

  const creation = { ...headers, ...tus, 'upload-length': '1000', 'upload-metadata': metadata({ filename: 'a.mp4' }) }
  const location = (await server.send('POST', '/uploads', { headers: creation })).headers.get('location') ?? ''
  const upload = location.split('/').at(-1) ?? ''
  const makeTempToken = async (operation: TempTokenOperation, of: { uploadId?: string; jobId?: string } = {}) => {
    const answer = await server.send('POST', '/temp-tokens', { headers, json: { operation, ...of } })
    return { 'x-temp-token': tempTokenAnswerSchema.parse(answer.json()).temp_token }
  }
  const { backup, restore } = await placeBackup(server, userId)
  return {
    username,
    password,
    credentials: {
      nothing: {},
      session: headers,
      'signed-out session': gone.headers,
      'api-token': { authorization: `Token ${key.token}` },
      'revoked api-token': { authorization: `Token ${revoked.token}` },
      'api-token as bearer': { authorization: `Bearer ${key.token}` },
      'temp-token of the upload': await makeTempToken('upload', { uploadId: upload }),
      'unused temp-token': await makeTempToken('upload'),
      'temp-token for a download': await makeTempToken('download'),
      'temp-token for a backup': await makeTempToken('backup'),
      'temp-token of the restore': await makeTempToken('restore', { jobId: restore }),
    },
    objects: {
      upload,
      video: await placeVideo(server, userId),
      session: elsewhere.id,
      'api-token': key.id,
      backup,
      restore,
    },
  }
}

/** A backup, though of no archive, and a restore of it that has failed. */
async function placeBackup(server: TestBackend, userId: UserId): Promise<{ backup: string; restore: string }> {
  const [backup, restore] = [newId(backupIdSchema, systemRandom), newId(jobIdSchema, systemRandom)]
  const { db } = server.backend
  const createdAt = server.clock.now
  const sha256 = randomBytes(32).toString('hex')
  const made = { id: backup, userId, origin: 'asked', state: 'ready', createdAt, sizeBytes: 7, sha256 } as const
  await db.insertInto('backups').values(made).execute()
  await writeFile(join(server.dataFolder, 'archives', `${backup}.zip`), 'archive')
  const options = JSON.stringify({ mode: 'merge', videos: null, skipsDamaged: false })
  const job = { id: restore, userId, kind: 'restore', backupId: backup, options, createdAt } as const
  await db
    .insertInto('jobs')
    .values({ ...job, state: 'failed', endedAt: createdAt })
    .execute()
  return { backup, restore }
}

/** A video as an upload leaves it, without sending one. */
async function placeVideo(server: TestBackend, userId: string): Promise<string> {
  const [uploadId, videoId] = [newId(uploadIdSchema, systemRandom), newId(videoIdSchema, systemRandom)]
  const { db } = server.backend
  const sha256 = randomBytes(32).toString('hex')
  const createdAt = server.clock.now
  await db
    .insertInto('uploads')
    .values({
      id: uploadId,
      userId,
      state: 'accepted',
      filename: 'a.mp4',
      sizeBytes: 4,
      offsetBytes: 4,
      declaredDurationMs: 0,
      sha256,
      videoId,
      createdAt,
      endedAt: createdAt,
    })
    .execute()
  await db
    .insertInto('videos')
    .values({
      id: videoId,
      userId,
      uploadId,
      filename: 'a.mp4',
      nameKey: 'a.mp4',
      sizeBytes: 4,
      durationMs: 1000,
      container: 'mp4',
      mediaType: 'video/mp4',
      sha256,
      thumbnail: 'made',
      createdAt,
    })
    .execute()
  await writeFile(join(server.dataFolder, 'videos', videoId), 'film')
  await writeFile(join(server.dataFolder, 'thumbnails', `${videoId}.jpg`), 'picture')
  return videoId
}
