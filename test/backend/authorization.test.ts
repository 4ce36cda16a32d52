import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes, type RouteName } from '../../contract/http'
import type { Role } from '../../contract/sessions'
import { makePerson, type AskingPerson, type CredentialKind, type ObjectKind } from '../support/asking-person'
import { startTestBackend, type TestBackend } from '../support/backend'
import { metadata, octets, tus } from '../support/tus'

/**
 * Who may do what, written down a second time and by hand: the table of the routes says what is meant, this says what it
 * comes to. A route without its row does not compile, and `npm run check` fails.
 */
type Row = {
  /** Anyone; who is signed in; they or a key of theirs; they, a key or a temporary token for such a transfer. */
  readonly for: 'anyone' | 'session' | 'session or key' | 'upload' | 'download' | 'backup' | 'restore'
  /** Only for staff: everybody else gets 403. */
  readonly staff?: true
  /** What `:id` names. */
  readonly object?: ObjectKind
  /** What the right asker gets. Where it is a refusal, it is one that comes after the question of who asks. */
  readonly answer: number
  /** Whose object it is makes no difference to what a temporary token gets: it opens no upload but its own, and makes one. */
  readonly makesUpload?: true
  /** The same for a backup: an unused token makes one. */
  readonly makesBackup?: true
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: (person: AskingPerson) => unknown
  readonly body?: string
}

const rows: { readonly [Name in RouteName]: Row } = {
  register: { for: 'anyone', answer: 400 },
  login: { for: 'anyone', answer: 400 },
  registration: { for: 'anyone', answer: 200 },
  providers: { for: 'anyone', answer: 200 },
  providerStart: { for: 'anyone', answer: 400 },
  providerCallback: { for: 'anyone', answer: 400 },
  providerToken: { for: 'anyone', answer: 400 },
  logout: { for: 'session', answer: 204 },
  changePassword: { for: 'session', answer: 204, json: ({ password }) => ({ current: password, new: 'a new password' }) },
  prove: { for: 'session', answer: 204, json: ({ password }) => ({ password }) },
  proofWays: { for: 'session', answer: 200 },
  proveWithProvider: { for: 'session', answer: 400 },
  me: { for: 'session or key', answer: 200 },
  currentSession: { for: 'session', answer: 200 },
  sessions: { for: 'session', answer: 200 },
  endOtherSessions: { for: 'session', answer: 200 },
  sessionHistory: { for: 'session', answer: 200 },
  sessionStatistics: { for: 'session', answer: 200 },
  session: { for: 'session', object: 'session', answer: 200 },
  renameSession: { for: 'session', object: 'session', answer: 200, json: () => ({ name: 'renamed' }) },
  endSession: { for: 'session', object: 'session', answer: 204 },
  quota: { for: 'session or key', answer: 200 },
  quotaHistory: { for: 'session or key', answer: 200 },
  limits: { for: 'session or key', answer: 200 },
  events: { for: 'session or key', answer: 200 },
  apiTokens: { for: 'session', answer: 200 },
  createApiToken: { for: 'session', answer: 201, json: () => ({ name: 'another' }) },
  regenerateApiToken: { for: 'session', object: 'api-token', answer: 200 },
  revokeApiToken: { for: 'session', object: 'api-token', answer: 204 },
  createTempToken: { for: 'session or key', answer: 201, json: () => ({ operation: 'upload' }) },
  tusOptions: { for: 'anyone', answer: 204 },
  createUpload: {
    for: 'upload',
    makesUpload: true,
    answer: 201,
    headers: { ...tus, 'upload-length': '10', 'upload-metadata': metadata({ filename: 'b.mp4' }) },
  },
  headUpload: { for: 'upload', object: 'upload', answer: 200, headers: tus },
  patchUpload: {
    for: 'upload',
    object: 'upload',
    answer: 204,
    headers: { ...octets, 'upload-offset': '0' },
    body: 'x',
  },
  deleteUpload: { for: 'upload', object: 'upload', answer: 204, headers: tus },
  upload: { for: 'upload', object: 'upload', answer: 200 },
  acceptUpload: { for: 'session or key', object: 'upload', answer: 409 },
  uploadVideo: { for: 'session or key', answer: 415 },
  videos: { for: 'session or key', answer: 200 },
  video: { for: 'session or key', object: 'video', answer: 200 },
  deleteVideo: { for: 'session or key', object: 'video', answer: 204 },
  videoContent: { for: 'download', object: 'video', answer: 200 },
  videoThumbnail: { for: 'session or key', object: 'video', answer: 200 },
  createBackup: { for: 'backup', makesBackup: true, answer: 202 },
  backups: { for: 'session or key', answer: 200 },
  changeSchedule: { for: 'session or key', answer: 200, json: () => ({ every: null, keep: 2 }) },
  backup: { for: 'backup', object: 'backup', answer: 200 },
  deleteBackup: { for: 'session or key', object: 'backup', answer: 204 },
  backupContent: { for: 'download', object: 'backup', answer: 200 },
  backupEntries: { for: 'session or key', object: 'backup', answer: 422 },
  checkBackup: { for: 'session or key', object: 'backup', answer: 202 },
  staffBackups: { for: 'session', staff: true, answer: 200 },
  backUpFor: { for: 'session', staff: true, answer: 202, json: () => ({ reason: 'a reason that is long enough' }) },
  createRestore: { for: 'restore', answer: 202, json: ({ objects }) => ({ backupId: objects.backup }) },
  restores: { for: 'session or key', answer: 200 },
  restoreStatus: { for: 'restore', object: 'restore', answer: 200 },
  restoreProgress: { for: 'restore', object: 'restore', answer: 200 },
  restoreReport: { for: 'restore', object: 'restore', answer: 200 },
  pauseRestore: { for: 'restore', object: 'restore', answer: 409 },
  resumeRestore: { for: 'restore', object: 'restore', answer: 409 },
  cancelRestore: { for: 'restore', object: 'restore', answer: 409, json: () => ({}) },
  retryRestore: { for: 'session or key', object: 'restore', answer: 409 },
  staffUsers: { for: 'session', staff: true, answer: 200 },
  staffUser: { for: 'session', staff: true, answer: 200 },
  staffQuotaHistory: { for: 'session', staff: true, answer: 200 },
  explainQuota: { for: 'session', staff: true, answer: 400 },
  resetQuota: { for: 'session', staff: true, answer: 200, json: () => ({ reason: 'a reason that is long enough' }) },
  undoQuotaReset: { for: 'session', staff: true, answer: 409, json: () => ({ reason: 'a reason that is long enough' }) },
  grantQuota: {
    for: 'session',
    staff: true,
    answer: 409,
    json: () => ({ reason: 'a reason that is long enough', videos: 1 }),
  },
  changeLimits: {
    for: 'session',
    staff: true,
    answer: 200,
    json: () => ({ reason: 'a reason that is long enough', maxVideos: null }),
  },
  changeManyLimits: {
    for: 'session',
    staff: true,
    answer: 400,
    json: () => ({ reason: 'a reason that is long enough', changes: [] }),
  },
  createUser: { for: 'session', staff: true, answer: 400 },
  changeUser: {
    for: 'session',
    staff: true,
    answer: 200,
    json: () => ({ reason: 'a reason that is long enough', role: 'staff' }),
  },
  staffSessions: { for: 'session', staff: true, answer: 200 },
  endUserSessions: { for: 'session', staff: true, answer: 200, json: () => ({ reason: 'a reason that is long enough' }) },
  endUserSession: {
    for: 'session',
    staff: true,
    object: 'session',
    answer: 200,
    json: () => ({ reason: 'a reason that is long enough' }),
  },
  staffTokens: { for: 'session', staff: true, answer: 200 },
  endToken: { for: 'session', staff: true, answer: 404, json: () => ({ reason: 'a reason that is long enough' }) },
  audit: { for: 'session', staff: true, answer: 200 },
  presets: { for: 'session', staff: true, answer: 200 },
  putPreset: {
    for: 'session',
    staff: true,
    answer: 200,
    json: () => ({ name: 'One', maxVideos: 1, maxDurationMinutes: 1, maxFileSizeMB: 1 }),
  },
  removePreset: { for: 'session', staff: true, answer: 404 },
  staffUploads: { for: 'session', staff: true, answer: 200 },
  supportActs: { for: 'session or key', answer: 200 },
  quotaRequest: { for: 'session or key', answer: 200 },
  askForQuota: { for: 'session or key', answer: 201, json: () => ({ message: 'Two more, please' }) },
  makeSupportCode: { for: 'session', answer: 400, json: () => ({ snapshot: {} }) },
  staffRequests: { for: 'session', staff: true, answer: 200 },
  declineRequest: { for: 'session', staff: true, answer: 404, json: () => ({ reason: 'a reason that is long enough' }) },
  readSupportCode: { for: 'session', staff: true, answer: 404, json: () => ({ code: 'acorn-acorn-acorn' }) },
  healthz: { for: 'anyone', answer: 200 },
  readyz: { for: 'anyone', answer: 200 },
  metrics: { for: 'anyone', answer: 200 },
  docs: { for: 'anyone', answer: 200 },
}

type Relation = 'own' | 'foreign' | 'missing'
const missing = 'no-such-thing-anywhere'
const roles: readonly Role[] = ['user', 'staff']
const relations: readonly Relation[] = ['own', 'foreign', 'missing']
const credentials: readonly CredentialKind[] = [
  'nothing',
  'signed-out session',
  'revoked api-token',
  'api-token as bearer',
  'temp-token for a backup',
  'temp-token of the restore',
  'temp-token for a download',
  'unused temp-token',
  'temp-token of the upload',
  'api-token',
  'session',
]

type Asking = { readonly role: Role; readonly credential: CredentialKind; readonly relation: Relation }

/** What a credential gets of an object of that relation. Nobody's role opens what is another's. */
function expected(row: Row, { role, credential, relation }: Asking): number {
  if (row.for === 'anyone') return row.answer
  const asTheyMay = relation === 'own' ? row.answer : 404
  const isTransfer = !(['anyone', 'session', 'session or key'] as const).some((each) => each === row.for)
  switch (credential) {
    case 'session':
      return row.staff === true && role !== 'staff' ? 403 : asTheyMay
    case 'api-token':
      return row.for === 'session' ? 403 : asTheyMay
    case 'temp-token of the upload':
      if (row.for !== 'upload') return isTransfer ? 403 : 401
      // Of any other upload it does not even say whether it is there.
      return row.makesUpload === undefined && relation === 'own' ? row.answer : 403
    case 'unused temp-token':
      if (row.for !== 'upload') return isTransfer ? 403 : 401
      return row.makesUpload === undefined ? 403 : row.answer
    case 'temp-token for a backup':
      if (row.for !== 'backup') return isTransfer ? 403 : 401
      return row.makesBackup === undefined ? 403 : row.answer
    case 'temp-token of the restore':
      if (row.for !== 'restore') return isTransfer ? 403 : 401
      return relation === 'own' ? row.answer : 403
    case 'temp-token for a download':
      if (row.for !== 'download') return isTransfer ? 403 : 401
      // The first that it is used for, which is their own here, is the only one that it serves.
      return relation === 'own' ? row.answer : 403
    case 'nothing':
    case 'signed-out session':
    case 'revoked api-token':
    case 'api-token as bearer':
      return 401
    default:
      return credential satisfies never
  }
}

type Asked = { readonly person: AskingPerson; readonly credential: CredentialKind; readonly id: string }

let server: TestBackend
let stranger: AskingPerson
/** Who asks, of each role, as long as nothing of theirs has been changed by what they asked. */
const askers = new Map<Role, AskingPerson>()

async function askerOf(role: Role): Promise<AskingPerson> {
  const asker = askers.get(role) ?? (await makePerson(server, role))
  askers.set(role, asker)
  return asker
}

async function ask(name: RouteName, { person, credential, id }: Asked): Promise<{ status: number; text: string }> {
  const { method, path } = routes[name]
  const { headers = {}, json, body }: Row = rows[name]
  const text = json === undefined ? body : JSON.stringify(json(person))
  const answer = await fetch(
    server.url + path.replace(':id', id).replace(':provider', 'nobody').replace(':username', person.username),
    {
      method,
      headers: { ...(json && { 'content-type': 'application/json' }), ...headers, ...person.credentials[credential] },
      ...(text !== undefined && { body: text }),
      redirect: 'manual',
    },
  )
  // A stream has no end to wait for.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    return { status: answer.status, text: await answer.text() }
  }
  await answer.body?.cancel()
  return { status: answer.status, text: '' }
}

function objectOf(kind: ObjectKind | undefined, person: AskingPerson, relation: Relation): string {
  if (kind === undefined || relation === 'missing') return missing
  return (relation === 'own' ? person : stranger).objects[kind]
}

beforeAll(async () => {
  server = await startTestBackend({ limits: { maxVideos: null, maxDurationMs: null, maxFileSizeBytes: null } })
  stranger = await makePerson(server, 'user')
})
afterAll(() => server[Symbol.asyncDispose]())

// `Object.keys` forgets the type of the keys; the table is a constant.
const names = Object.keys(routes) as RouteName[]

describe('each route, to each role, with each credential, for each owner', () => {
  it.each(names)('%s', async (name) => {
    const row = rows[name]
    const wrong: unknown[] = []
    for (const role of roles) {
      for (const credential of credentials) {
        const texts: string[] = []
        for (const relation of row.object === undefined ? (['own'] as const) : relations) {
          const person = await askerOf(role)
          const id = objectOf(row.object, person, relation)
          const { status, text } = await ask(name, { person, credential, id })
          const wanted = expected(row, { role, credential, relation })
          if (status !== wanted) wrong.push({ role, credential, relation, wanted, status, text })
          if (relation !== 'own') texts.push(text)
          if (status < 300 && row.for !== 'anyone' && routes[name].method !== 'GET') askers.delete(role)
        }
        // What belongs to another looks in every way as if it were not there.
        if (new Set(texts).size > 1) wrong.push({ role, credential, texts })
      }
    }
    expect(wrong).toEqual([])
  })

  it('leaves what belongs to another as it was', async () => {
    for (const name of ['headUpload', 'upload', 'video', 'videoContent', 'videoThumbnail', 'session', 'me'] as const) {
      const id = objectOf(rows[name].object, stranger, 'own')
      const { status } = await ask(name, { person: stranger, credential: 'session', id })
      expect([name, status]).toEqual([name, rows[name].answer])
    }
    expect((await ask('me', { person: stranger, credential: 'api-token', id: missing })).status).toBe(200)
    const { text } = await ask('session', { person: stranger, credential: 'session', id: stranger.objects.session })
    expect(text).not.toContain('renamed')
  })
})
