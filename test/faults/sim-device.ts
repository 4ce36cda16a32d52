import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../contract/failures'
import { type TransferId, type UploadId, type UserId, type VideoId } from '../../contract/ids'
import { tempTokenAnswerSchema } from '../../contract/sessions'
import type { Transfer, TransfersChange } from '../../contract/transfers'
import { uploadAnswerSchema } from '../../contract/uploads'
import { failureOfProblem, parseProblem } from '../../main/backend/problem-failure'
import type { HttpExchange } from '../../main/transfers/http-exchange'
import { createUploadsClient } from '../../main/transfers/http-uploads-client'
import { migrate } from '../../main/transfers/journal-table'
import { migrations } from '../../main/transfers/migrations'
import type { Clock } from '../../main/transfers/ports'
import type { Journal } from '../../main/transfers/transfer-entry'
import { journalIn } from '../../main/transfers/transfer-journal'
import { createTransferManager, type TransferManager } from '../../main/transfers/transfer-manager'
import { TransportError, type UploadBody, type UploadsClient } from '../../main/transfers/uploads-client'
import { reusedSqlite } from './reused-sqlite'
import type { Owner, Scheduler } from './scheduler'
import { createSimExchange } from './sim-network'
import type { SimSources } from './sim-sources'
import type { Stream } from './streams'

/** Where a planted bug takes the place of one part of the app. */
export type DeviceSeams = {
  readonly journal?: (journal: Journal, later: (delayMs: number, run: () => void) => void) => Journal
  readonly uploads?: (uploads: UploadsClient) => UploadsClient
}

type ExchangeParts = Parameters<typeof createSimExchange>[0]

type Parts = Omit<ExchangeParts, 'owner'> & {
  readonly owner: Owner
  readonly scheduler: Scheduler
  readonly stream: Stream
  readonly sqlite: DatabaseSync
  readonly sources: SimSources
  readonly now: () => number
  /** null while nobody is signed in. */
  readonly sessionToken: () => string | null
  readonly isJournalFull: () => boolean
  readonly simultaneousUploads: number
  onRefused(reason: string | null): void
  onChange(change: TransfersChange): void
  onStored(id: TransferId, videoId: VideoId): void
  onToken(tempToken: string, uploadId: UploadId | null): void
  readonly log: (line: string) => void
  readonly seams: DeviceSeams
}

/** The app of one person on one device: the real engine and its real journal over the simulated machine. */
export type SimDevice = {
  readonly manager: TransferManager
  readonly journal: Journal
  readonly owner: Owner
  /** Its process ends without a word. */
  kill(): void
}

export const backendId = 'simulated'

export const lendJournalSqlite = reusedSqlite(() => {
  const sqlite = new DatabaseSync(':memory:')
  migrate(sqlite, migrations, '')
  return sqlite
})

export function startSimDevice(parts: Parts, userId: UserId | null): SimDevice {
  const { scheduler, owner, seams, stream } = parts
  const clock: Clock = {
    now: parts.now,
    after: (delayMs, callback) => scheduler.after(owner, delayMs, 'timer', callback),
  }
  const exchange = createSimExchange(parts)
  const real = journalIn(parts.sqlite)
  const guarded: Journal = {
    ...real,
    save(entries, abandoned) {
      if (parts.isJournalFull()) throw new AppError({ code: 'local-disk-full', missingBytes: null })
      real.save(entries, abandoned)
    },
  }
  const later = (delayMs: number, run: () => void): void => void scheduler.after(owner, delayMs, 'journal', run)
  const journal = seams.journal?.(guarded, later) ?? guarded
  const client = createUploadsClient(exchange, clock)
  const manager = createTransferManager({
    journal,
    disk: parts.sources.disk(),
    clock,
    random: () => stream.next(),
    log: (level, event, fields) => parts.log(`${level} ${event} ${JSON.stringify(fields ?? {})}`),
    settings: { simultaneousUploads: parts.simultaneousUploads, uploadLimitBytesPerSecond: null },
    connect: () => ({ ...(seams.uploads?.(client) ?? client), content: notSimulated }),
    targets: {
      exists: notSimulated,
      freeBytes: notSimulated,
      open: notSimulated,
      findPlaced: notSimulated,
      discard: notSimulated,
    },
    requestTempToken: async (use) => {
      const uploadId = use.operation === 'upload' ? use.uploadId : null
      const body = { operation: use.operation, ...(uploadId === null ? {} : { uploadId }) }
      const answer = tempTokenAnswerSchema.parse(await callAsMain(parts, exchange, '/temp-tokens', body))
      parts.onToken(answer.temp_token, uploadId)
      return { tempToken: answer.temp_token, expiresAt: answer.expires_at }
    },
    // The library is not asked in these worlds yet: what they hold to is that every file is sent once.
    findTwin: () => Promise.resolve(null),
    acceptHeldUpload: async (uploadId) =>
      uploadAnswerSchema.parse(await callAsMain(parts, exchange, `/uploads/${uploadId}/accept`, {})),
    onChange: (change) => parts.onChange(change),
    onStored: parts.onStored,
    onQuotaTouched: () => undefined,
  })
  manager.setAccount(userId)
  manager.setBackend({ origin: 'http://backend.invalid', backendId })
  return {
    manager,
    journal: real,
    owner,
    kill() {
      owner.isAlive = false
      exchange.breakAll()
    },
  }
}

/** Downloads are not part of these worlds yet. */
function notSimulated(): Promise<never> {
  return Promise.reject(new Error('a download in a world without them'))
}

/** A call that the app's main process makes for the transfer process, with the session's token. @throws AppError */
async function callAsMain(parts: Parts, exchange: HttpExchange, path: string, json: object): Promise<unknown> {
  const token = parts.sessionToken()
  if (token === null) throw new AppError({ code: 'signed-out', reason: null })
  const bytes = Buffer.from(JSON.stringify(json))
  const body: UploadBody = { lengthBytes: bytes.length, send: (write) => write(bytes) }
  const answer = await exchange
    .call({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      idleTimeoutMs: 10_000,
      signal: new AbortController().signal,
    })
    .catch((error: unknown) => {
      if (error instanceof TransportError) throw new AppError({ code: 'backend-unreachable' }, { cause: error })
      throw error
    })
  const text = Buffer.from(answer.body).toString('utf8')
  const document = parseJson(text)
  if (answer.status < 300 && document !== null) return document
  const problem = parseProblem(document)
  // Not our backend's words: it is as good as not there.
  if (problem === null) throw new AppError({ code: 'server-busy' })
  const failure = failureOfProblem(problem, { retryAfterSeconds: Number(answer.header('retry-after') ?? 0) })
  if (failure.code === 'signed-out' && parts.sessionToken() === token) parts.onRefused(failure.reason)
  throw new AppError(failure)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export type { Transfer }
