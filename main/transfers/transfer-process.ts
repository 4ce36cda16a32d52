import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../contract/failures'
import { createTargetDisk } from '../downloads/local-target-disk'
import { createSourceDisk } from '../uploads/file-source'
import { removeForgottenCopies } from '../uploads/local-files'
import { openProcessChannel } from './process-channel'
import { type FromProcess, type ToProcess, type TokenUse, toProcessSchema } from './process-messages'
import { realClock } from './real-clock'
import { isJournalBusy, openJournal } from './transfer-journal'
import { createTransferManager, type TransferManager } from './transfer-manager'
import type { Journal } from './transfer-entry'
import { createHttpTransfersClient } from './transfers-client'
import type { TransferLog } from './ports'

/** An earlier transfer process may need a moment to notice that its parent is gone. */
const journalFreeWithinMs = 10_000
const journalPollMs = 50

const channel = openProcessChannel()
const send = (message: FromProcess): void => channel.send(message)
const log: TransferLog = (level, event, fields = {}) => send({ kind: 'log', level, event, fields })

/** What main was asked for and has not answered yet. */
const asked = new Map<string, (message: ToProcess) => void>()

function ask(toMessage: (requestId: string) => FromProcess): Promise<ToProcess> {
  const requestId = randomUUID()
  return new Promise((resolve) => {
    asked.set(requestId, resolve)
    send(toMessage(requestId))
  })
}

async function requestTempToken(use: TokenUse) {
  const answer = await ask((requestId) => ({ kind: 'temp-token-wanted', requestId, use }))
  if (answer.kind !== 'temp-token') throw new Error('Not an answer about a temporary token')
  if (!answer.outcome.ok) throw new AppError(answer.outcome.failure)
  return answer.outcome.value
}

async function waitForJournal(path: string): Promise<Journal> {
  const untilMs = realClock.now() + journalFreeWithinMs
  for (;;) {
    try {
      return openJournal({ path, log, now: realClock.now })
    } catch (error) {
      if (!isJournalBusy(error) || realClock.now() > untilMs) throw error
      await new Promise<void>((resolve) => void realClock.after(journalPollMs, resolve))
    }
  }
}

/** The one composition of this process. */
async function start(configuration: ToProcess & { kind: 'configure' }): Promise<TransferManager> {
  const { dataDir, spoolDir, programDir, settings, userId, backend } = configuration
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const journal = await waitForJournal(join(dataDir, 'transfers.db'))
  const wanted = new Set(journal.entries().flatMap(({ path, isSpooled }) => (isSpooled ? [path] : [])))
  await removeForgottenCopies({ spoolDir, wanted, madeBeforeMs: configuration.appStartedAtMs })
  const workerPath = join(programDir, 'transfer-hash-worker.js')
  const manager = createTransferManager({
    journal,
    disk: createSourceDisk({ workerPath, spoolDir }),
    targets: createTargetDisk({ workerPath }),
    clock: realClock,
    random: Math.random,
    log,
    settings,
    connect: (origin) => createHttpTransfersClient(origin, realClock),
    requestTempToken,
    async findTwin(sought) {
      const answer = await ask((requestId) => ({ kind: 'twin-wanted', requestId, ...sought }))
      if (answer.kind !== 'twin') throw new Error('Not an answer about a video that is there already')
      if (!answer.outcome.ok) throw new AppError(answer.outcome.failure)
      return answer.outcome.value
    },
    async acceptHeldUpload(uploadId) {
      const answer = await ask((requestId) => ({ kind: 'held-accept-wanted', requestId, uploadId }))
      if (answer.kind !== 'held-accepted') throw new Error('Not an answer about a held upload')
      if (!answer.outcome.ok) throw new AppError(answer.outcome.failure)
      return answer.outcome.value
    },
    onChange: (change, isWhole) => send({ kind: 'changed', isWhole, change }),
    onStored: (transferId, videoId) => send({ kind: 'stored', transferId, videoId }),
    onQuotaTouched: () => send({ kind: 'quota-touched' }),
  })
  manager.setAccount(userId)
  manager.setBackend(backend)
  return {
    ...manager,
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]()
      journal[Symbol.dispose]()
    },
  }
}

async function handle(message: ToProcess, manager: TransferManager): Promise<void> {
  switch (message.kind) {
    case 'configure':
      return
    case 'account':
      return manager.setAccount(message.userId)
    case 'backend':
      return manager.setBackend(message.backend)
    case 'settings':
      return manager.changeSettings(message.settings)
    case 'try-now':
      return manager.tryNow()
    case 'add':
      return send({ kind: 'added', requestId: message.requestId, ids: await manager.add(message.files) })
    case 'add-downloads': {
      const { requestId, videos, place } = message
      return send({ kind: 'downloads-added', requestId, ...(await manager.addDownloads(videos, place)) })
    }
    case 'act':
      await manager.act(message.verb, message.ids)
      return send({ kind: 'acted', requestId: message.requestId })
    case 'find-file':
      await manager.findFile(message.id, message.found)
      return send({ kind: 'acted', requestId: message.requestId })
    case 'discard-begun':
      manager.discardBegun(message.userId)
      return send({ kind: 'acted', requestId: message.requestId })
    case 'path':
      return send({ kind: 'path', requestId: message.requestId, path: manager.pathOf(message.id) })
    case 'flight-record':
      return send({ kind: 'flight-record', requestId: message.requestId, record: manager.recordOf(message.id) })
    case 'temp-token':
    case 'held-accepted':
    case 'twin':
      asked.get(message.requestId)?.(message)
      asked.delete(message.requestId)
      return
    case 'stop':
      await manager[Symbol.asyncDispose]()
      process.exit(0)
    default:
      return message satisfies never
  }
}

/** A refusal is answered; anything else is a bug, and ends the process: the next one goes on from the journal. */
async function handleOrRefuse(message: ToProcess, manager: TransferManager): Promise<void> {
  try {
    await handle(message, manager)
  } catch (error) {
    if (!(error instanceof AppError) || !('requestId' in message)) throw error
    send({ kind: 'refused', requestId: message.requestId, failure: error.failure })
  }
}

let manager: Promise<TransferManager> | null = null
channel.onDisconnect(() => process.exit(0))
channel.onMessage((raw) => {
  const message = toProcessSchema.parse(raw)
  if (message.kind === 'configure') manager ??= start(message)
  // Thrown where nobody listens, it ends the process with its reason on standard error.
  void manager?.then((ready) => handleOrRefuse(message, ready))
})
send({ kind: 'hello' })
