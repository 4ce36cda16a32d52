import type { CompiledQuery } from 'kysely'
import type { BlobDisk, BlobFile } from '../../backend/blobs/blob-disk'
import { unauthorized } from '../../backend/http/problems'
import { ensureQuota } from '../../backend/quota/quotas-table'
import { refusalOf, refusalProblem } from '../../backend/quota/refusals'
import { hashToken } from '../../backend/sessions/session-token'
import { Uploads } from '../../backend/uploads/uploads'
import { AppError } from '../../contract/failures'
import type { Journal } from '../../main/transfers/transfer-entry'
import type { TusAnswer, UploadBody, UploadsClient } from '../../main/transfers/uploads-client'
import type { Seams } from './world'

/** Puts another file behind every one that is opened. */
function withFiles(disk: BlobDisk, change: (file: BlobFile) => BlobFile): BlobDisk {
  return { ...disk, open: async (path, how) => change(await disk.open(path, how)) }
}

const files = (change: (file: BlobFile) => BlobFile): Seams => ({ backend: { disk: (disk) => withFiles(disk, change) } })

/** Changes the statements that match. */
const statements = (matching: RegExp, change: (query: CompiledQuery) => CompiledQuery): Seams => ({
  backend: { rewrite: (query) => (matching.test(query.sql) ? change(query) : query) },
})

const withSql = (query: CompiledQuery, sql: string, parameters = query.parameters): CompiledQuery => ({
  ...query,
  sql,
  parameters,
})

const isRelease =
  /^update "quotas" set "reserved_videos" = "reserved_videos" - \?, "reserved_duration_ms" = "reserved_duration_ms" - \?/
const isCommit = /^update "quotas" set "used_videos"/
const isReserve = /^update "quotas" set "reserved_videos" = "reserved_videos" \+/

/** Goes on from what was handed to the line, where it should ask how much of that arrived. */
function rememberOffsets(uploads: UploadsClient): UploadsClient {
  const known = new Map<string, number>()
  return {
    ...uploads,
    patch: ({ body, ...asked }) => {
      known.set(asked.uploadId, asked.offsetBytes)
      const counted: UploadBody = {
        ...body,
        send: (write, signal) =>
          body.send((chunk) => {
            known.set(asked.uploadId, (known.get(asked.uploadId) ?? 0) + chunk.length)
            return write(chunk)
          }, signal),
      }
      return uploads.patch({ ...asked, body: counted })
    },
    head: async (asked) => {
      const answer = await uploads.head(asked)
      const offsetBytes = known.get(asked.uploadId) ?? answer.offsetBytes
      return answer.status === 200 ? { ...answer, offsetBytes } : answer
    },
    state: async (asked) => {
      const { answer, state } = await uploads.state(asked)
      if (state?.state !== 'receiving') return { answer, state }
      return { answer, state: { ...state, offsetBytes: known.get(asked.uploadId) ?? state.offsetBytes } }
    },
  }
}

type Later = (delayMs: number, run: () => void) => void

/** The newest lines are only in memory for a while. */
function writeLater(journal: Journal, later: Later): Journal {
  return { ...journal, save: (...lines) => later(2_000, () => unheard(() => journal.save(...lines))) }
}

/** Who writes later has nobody to tell of a full disk. */
function unheard(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
}

/** One line after the other, and a while between two of them. */
function writeSingly(journal: Journal, later: Later): Journal {
  return {
    ...journal,
    save(entries, abandoned = []) {
      for (const entry of entries) journal.save([entry])
      if (abandoned.length > 0) later(500, () => unheard(() => journal.save([], abandoned)))
    },
  }
}

const answerAs = (change: (answer: TusAnswer) => TusAnswer): Seams => ({
  device: {
    uploads: (uploads) => ({ ...uploads, head: async (asked) => change(await uploads.head(asked)) }),
  },
})

/** Two of them share a disk and a database, as two processes would, and neither knows of the other's turns. */
class UnsharedTurns extends Uploads {
  readonly #other: Uploads
  #calls = 0

  constructor(parts: ConstructorParameters<typeof Uploads>[0]) {
    super(parts)
    this.#other = new Uploads(parts)
  }

  override receive(...asked: Parameters<Uploads['receive']>): ReturnType<Uploads['receive']> {
    this.#calls += 1
    return this.#calls % 2 === 0 ? this.#other.receive(...asked) : super.receive(...asked)
  }
}

/** Looks at the quota when the request comes, and reserves whatever was asked for a moment later. */
class CheckThenAct extends Uploads {
  constructor(private readonly parts: ConstructorParameters<typeof Uploads>[0]) {
    super(parts)
  }

  override async create(...asked: Parameters<Uploads['create']>): ReturnType<Uploads['create']> {
    const [who, { durationMs }] = asked
    const quota = await ensureQuota(this.parts.db, who.userId, this.parts.config.limits)
    const { maxVideos, usedVideos, reservedVideos, maxDurationMs, usedDurationMs, reservedDurationMs } = quota
    const isRoom =
      (maxVideos === null || usedVideos + reservedVideos < maxVideos) &&
      (maxDurationMs === null || usedDurationMs + reservedDurationMs + Math.max(1, durationMs) <= maxDurationMs)
    if (!isRoom) throw refusalProblem(refusalOf(quota, { videos: 1, durationMs }))
    return await super.create(...asked)
  }
}

/** Engines that are broken on purpose, each by one part in the place of the right one. */
export const plantedBugs: Readonly<Record<string, Seams>> = {
  'missing flush': files((file) => ({ ...file, datasync: () => Promise.resolve() })),

  'commit before flush': files((file) => ({
    ...file,
    datasync: () => {
      file.datasync().catch(() => undefined)
      return Promise.resolve()
    },
  })),

  'flush error swallowed': files((file) => ({ ...file, datasync: () => file.datasync().catch(() => undefined) })),

  'names never flushed': { backend: { disk: (disk) => ({ ...disk, flushFolder: () => Promise.resolve() }) } },

  'commits never flushed': {
    backend: {
      flush: () => (began) => {
        began()
        return Promise.resolve()
      },
    },
  },

  'no truncate at resume': files((file) => ({ ...file, truncate: () => Promise.resolve() })),

  'write at the wrong place': files((file) => ({
    ...file,
    // As a writer that counts its position in pages would.
    writev: (chunks, position) => file.writev(chunks, position - (position % 4096)),
  })),

  'double release': statements(isRelease, (query) => {
    const [videos, durationMs, ...rest] = query.parameters
    return withSql(query, query.sql, [Number(videos) * 2, Number(durationMs) * 2, ...rest])
  }),

  'check-then-act quota': {
    backend: {
      uploads: (parts) => new CheckThenAct(parts),
      rewrite: (query) =>
        isReserve.test(query.sql) ? withSql(query, withoutLimits(query.sql), query.parameters.slice(0, 3)) : query,
    },
  },

  'settled with the declared duration': statements(isCommit, (query) => {
    const [usedVideos, , reservedVideos, reservedMs, ...rest] = query.parameters
    return withSql(query, query.sql, [usedVideos, reservedMs, reservedVideos, reservedMs, ...rest])
  }),

  'reservation never given back': statements(isRelease, (query) => {
    const [, , ...rest] = query.parameters
    return withSql(query, query.sql, [0, 0, ...rest])
  }),

  'revocation ignored': {
    backend: {
      onRevoked: () => undefined,
      rewrite: (query) =>
        query.sql.startsWith('update "uploads" set "offset_bytes"')
          ? withSql(query, query.sql.replace(/ and exists .*$/s, ''), query.parameters.slice(0, 5))
          : query,
    },
  },

  'stale lock': { backend: { uploads: (parts) => new UnsharedTurns(parts) } },

  'expiry taken for revocation': {
    backend: {
      tempTokens: (tempTokens, sqlite, now) => ({
        ...tempTokens,
        check: async (token) => {
          const row = sqlite
            .prepare(`SELECT s.expires_at FROM temp_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = ?`)
            .get(hashToken(token))
          if (row !== undefined && Number(row['expires_at']) <= now()) throw unauthorized('expired')
          return await tempTokens.check(token)
        },
      }),
    },
  },

  'token bound twice': statements(/^update "temp_tokens" set "bound_id"/, (query) =>
    withSql(query, query.sql.replace(' and "bound_id" is null', '')),
  ),

  'journal written later': { device: { journal: writeLater } },

  'journal not atomic': { device: { journal: writeSingly } },

  'resume from memory': { device: { uploads: rememberOffsets } },

  'offset believed beyond the answer': answerAs((answer) =>
    answer.offsetBytes === null || answer.status !== 200 ? answer : { ...answer, offsetBytes: answer.offsetBytes + 1 },
  ),
}

function withoutLimits(sql: string): string {
  return sql.replace(/ and \(max_videos IS NULL.*?(?= returning)/s, '')
}
