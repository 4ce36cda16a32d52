import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CompiledQuery } from 'kysely'
import type { Identity } from '../../backend/http/identity'
import type { ContentId, FileBytes } from './content'
import type { WireAnswer } from './door'
import { partialsFolder, sealedFolder } from './sim-backend'
import { currentRequest, type ServedRequest } from './sim-database'
import type { SimDisk } from './sim-disk'

export type Law = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18}` | 'bug'

export class Violation extends Error {
  override name = 'Violation'
  constructor(
    readonly law: Law,
    readonly detail: string,
  ) {
    super(`${law}: ${detail}`)
  }
}

type UploadRow = {
  readonly id: string
  readonly user_id: string
  readonly state: string
  readonly offset_bytes: number
  readonly size_bytes: number | null
  readonly filename: string
  readonly video_id: string | null
  readonly sha256: string | null
}

type Known = {
  readonly offsetBytes: number
  readonly state: string
  /** The contents that its durable bytes may still be. */
  readonly contents: ReadonlySet<ContentId>
}

type Parts = {
  readonly sqlite: DatabaseSync
  readonly disk: SimDisk
  /** What a file of this name may hold, and whether it was written to while it was read. */
  expected(filename: string): { readonly contents: ReadonlySet<ContentId>; readonly isMixed: boolean }
  digestOf(contentId: ContentId, sizeBytes: number): string
  durationMsOf(contentId: ContentId, sizeBytes: number): number
  /** True for an upload whose bytes were damaged on purpose. */
  isDamaged(uploadId: string): boolean
  isUserDisabledEver(userId: string): boolean
  now(): number
  onViolation(violation: Violation): void
}

/** The laws that are about what the backend has: looked at after every step that changed something. */
export class Checks {
  #isDirty = true
  #lastEntry = 0
  readonly #known = new Map<string, Known>()
  readonly #stored = new Map<string, UploadRow>()
  /** As far as any answer has said. */
  readonly #told = new Map<string, number>()
  readonly #statements = new Map<string, StatementSync>()
  acknowledgedBytesLost = 0
  overGrants = 0

  constructor(private readonly parts: Parts) {}

  /** In the very moment in which a statement has run, before anybody else gets the connection. */
  onChange({ sql, parameters }: CompiledQuery): void {
    this.#isDirty = true
    if (sql.startsWith('update "uploads" set "offset_bytes"')) this.#checkCredential()
    if (sql.startsWith('insert into "quota_entries"')) this.#checkLimits(String(parameters[0]))
  }

  /** I9: after a revocation no byte is accepted with any credential of that grant. */
  #checkCredential(): void {
    const served = currentRequest.getStore()
    if (served === undefined) return
    const { sessionId, tokenHash } = served
    if (tokenHash !== null) {
      const token = this.#one(
        `SELECT t.end_reason, t.outlives_session, s.end_reason AS session_end FROM temp_tokens t
         JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = ?`,
        tokenHash,
      )
      const isSpared = token?.['outlives_session'] === 1
      const ofSession = token?.['session_end']
      const isRevoked = token?.['end_reason'] !== null || (ofSession !== null && ofSession !== 'expired' && !isSpared)
      if (isRevoked) this.#fail('I9', 'bytes with a temporary token that is revoked')
    } else if (sessionId !== null) {
      const reason = this.#one('SELECT end_reason FROM sessions WHERE id = ?', sessionId)?.['end_reason']
      if (reason !== null && reason !== 'expired') this.#fail('I9', 'bytes with a session that is revoked')
    }
  }

  /** I6: nobody is granted more than their limit. */
  #checkLimits(userId: string): void {
    const entry = this.#one('SELECT * FROM quota_entries ORDER BY id DESC LIMIT 1')
    const quota = this.#one('SELECT * FROM quotas WHERE user_id = ?', userId)
    if (entry === undefined || quota === undefined) return
    const number = (row: Record<string, unknown>, name: string): number => Number(row[name])
    for (const [what, limit] of [
      ['videos', 'max_videos'],
      ['duration_ms', 'max_duration_ms'],
    ] as const) {
      const delta = number(entry, `used_${what}_delta`) + number(entry, `reserved_${what}_delta`)
      const total = number(quota, `used_${what}`) + number(quota, `reserved_${what}`)
      const isGrant = entry['kind'] === 'reserve' || (entry['kind'] === 'commit' && delta > 0)
      if (quota[limit] === null || !isGrant || total <= number(quota, limit)) continue
      this.overGrants += 1
      this.#fail('I6', `${total} of ${number(quota, limit)} ${what} after ${String(entry['kind'])}`)
    }
  }

  /** After a step, where nobody is in the middle of a transaction. */
  afterStep(): void {
    if (!this.#isDirty || this.parts.sqlite.isTransaction) return
    this.#isDirty = false
    // The columns are those of the statement.
    const rows = this.#all('SELECT id, user_id, state, offset_bytes, size_bytes, filename, video_id, sha256 FROM uploads')
    for (const row of rows as unknown as UploadRow[]) this.#checkUpload(row)
    this.#checkQuotas()
    this.#checkLedger()
  }

  #checkUpload(row: UploadRow): void {
    const { id, state, offset_bytes: offsetBytes } = row
    const known = this.#known.get(id)
    if (known?.state === state && known.offsetBytes === offsetBytes) return
    const expected = this.parts.expected(row.filename)
    let contents = known?.contents ?? expected.contents
    if (known !== undefined && offsetBytes < known.offsetBytes) {
      this.#fail('I4', `${id} went back from ${known.offsetBytes} to ${offsetBytes}`)
    }
    if (known !== undefined && offsetBytes > known.offsetBytes) {
      const bytes = this.durableBytes(row)
      if (this.parts.isDamaged(id)) {
        // Its file was taken away under whoever writes: only the next one that opens it can know.
      } else if (bytes === null || bytes.sizeBytes < offsetBytes) {
        this.#fail('I1', `${id} says ${offsetBytes}, durable are ${bytes?.sizeBytes ?? 'none'}`)
      } else if (!expected.isMixed) {
        contents = new Set([...expected.contents].filter((each) => bytes.isContent(each, 0, offsetBytes)))
        if (contents.size === 0) this.#fail('I2', `${id} is no beginning of its source at ${offsetBytes}`)
      }
    }
    if (state === 'accepted' && known?.state !== 'accepted') this.#checkStored(row)
    if (known?.state === 'accepted' && state !== 'accepted') this.#fail('I3', `${id} was accepted and is ${state}`)
    // It can be swept away from now on.
    if (state === 'rejected') this.#told.delete(id)
    this.#known.set(id, { offsetBytes, state, contents })
  }

  /** I1 after a power cut: whatever was acknowledged is still there. I12: and so is every stored video. */
  afterPowerCut(): void {
    const rows = this.#all('SELECT * FROM uploads') as unknown as UploadRow[]
    this.#forgetUndone(rows)
    for (const row of rows) {
      const toldBytes = this.#told.get(row.id) ?? 0
      if (row.state !== 'rejected' && row.offset_bytes < toldBytes) {
        this.acknowledgedBytesLost += toldBytes - row.offset_bytes
        this.#fail('I1', `${row.id} says ${row.offset_bytes} after a power cut, ${toldBytes} were told`)
      }
      if (row.state === 'rejected' || row.offset_bytes === 0 || this.parts.isDamaged(row.id)) continue
      const { contents, isMixed } = this.parts.expected(row.filename)
      const bytes = this.durableBytes(row)
      const isThere = [...contents].some((each) => bytes?.isContent(each, 0, row.offset_bytes) === true)
      if (isThere || (isMixed && bytes !== null && bytes.sizeBytes >= row.offset_bytes)) continue
      this.acknowledgedBytesLost += row.offset_bytes
      this.#fail(row.state === 'accepted' ? 'I12' : 'I1', `${row.id} (${row.state}) has lost acknowledged bytes`)
    }
  }

  /** What was committed but not flushed has never been: nobody was told of it. */
  #forgetUndone(rows: readonly UploadRow[]): void {
    const now = new Map(rows.map((row) => [row.id, row]))
    for (const [id, { contents }] of this.#known) {
      const row = now.get(id)
      if (row === undefined) this.#known.delete(id)
      else this.#known.set(id, { offsetBytes: row.offset_bytes, state: row.state, contents })
    }
    for (const id of this.#stored.keys()) if (now.get(id)?.state !== 'accepted') this.#stored.delete(id)
    for (const id of this.#told.keys()) if (!now.has(id)) this.#fail('I1', `${id} was told of and is gone`)
    this.#lastEntry = Number(this.#one('SELECT coalesce(max(id), 0) AS id FROM quota_entries')?.['id'])
    this.#isDirty = true
  }

  /** I12 and I2: a stored video is durable, whole, and what its source was. */
  #checkStored(row: UploadRow): void {
    this.#stored.set(row.id, row)
    const bytes = this.parts.disk.lookDurable(`${sealedFolder}/${row.video_id}`)
    const sizeBytes = row.size_bytes ?? 0
    const { contents } = this.parts.expected(row.filename)
    if (bytes === null || bytes.sizeBytes !== sizeBytes) {
      return this.#fail('I12', `${row.id} is accepted, its sealed file is not durable`)
    }
    const content = [...contents].find((each) => bytes.isContent(each, 0, sizeBytes))
    if (content === undefined) return this.#fail('I2', `${row.id} was accepted with bytes that its source never had`)
    if (row.sha256 !== this.parts.digestOf(content, sizeBytes)) this.#fail('I2', `${row.id} has another digest`)
    const video = this.#one('SELECT duration_ms FROM videos WHERE upload_id = ?', row.id)
    if (video?.['duration_ms'] !== this.parts.durationMsOf(content, sizeBytes)) {
      this.#fail('I13', `${row.id} is accepted without its video, or with another duration`)
    }
  }

  /** I7: a balance is the sum of its entries. I8: a reservation belongs to a live upload. */
  #checkQuotas(): void {
    const rows = this.#all(`
      SELECT q.user_id, q.used_videos, q.used_duration_ms, q.reserved_videos, q.reserved_duration_ms,
        (SELECT coalesce(sum(used_videos_delta), 0) FROM quota_entries e WHERE e.user_id = q.user_id) AS sum_videos,
        (SELECT coalesce(sum(used_duration_ms_delta), 0) FROM quota_entries e WHERE e.user_id = q.user_id) AS sum_ms,
        (SELECT coalesce(sum(reserved_videos_delta), 0) FROM quota_entries e WHERE e.user_id = q.user_id) AS sum_reserved,
        (SELECT coalesce(sum(reserved_duration_ms_delta), 0) FROM quota_entries e WHERE e.user_id = q.user_id) AS sum_reserved_ms,
        (SELECT count(*) FROM uploads u WHERE u.user_id = q.user_id AND u.state IN ('receiving', 'verifying')) AS live,
        (SELECT coalesce(sum(declared_duration_ms), 0) FROM uploads u
          WHERE u.user_id = q.user_id AND u.state IN ('receiving', 'verifying')) AS live_ms,
        (SELECT count(*) FROM videos v WHERE v.user_id = q.user_id) AS videos,
        (SELECT coalesce(sum(duration_ms), 0) FROM videos v WHERE v.user_id = q.user_id) AS videos_ms
      FROM quotas q`)
    for (const row of rows) {
      const compare = (law: Law, a: string, b: string): void => {
        if (row[a] !== row[b]) this.#fail(law, `${a} is ${String(row[a])}, ${b} is ${String(row[b])}`)
      }
      compare('I7', 'used_videos', 'sum_videos')
      compare('I7', 'used_duration_ms', 'sum_ms')
      compare('I7', 'reserved_videos', 'sum_reserved')
      compare('I7', 'reserved_duration_ms', 'sum_reserved_ms')
      compare('I8', 'reserved_videos', 'live')
      compare('I8', 'reserved_duration_ms', 'live_ms')
      compare('I13', 'used_videos', 'videos')
      compare('I13', 'used_duration_ms', 'videos_ms')
    }
  }

  /** I7: each upload opens once and closes once. I13: each line has its reason in the world. */
  #checkLedger(): void {
    const entries = this.#all('SELECT id, kind, upload_id, actor FROM quota_entries WHERE id > ?', this.#lastEntry)
    for (const entry of entries) {
      this.#lastEntry = Number(entry['id'])
      const uploadId = String(entry['upload_id'])
      const counts = this.#one(
        `SELECT sum(reserved_videos_delta > 0) AS opened, sum(reserved_videos_delta < 0) AS closed,
          sum(used_videos_delta > 0) AS used FROM quota_entries WHERE upload_id = ?`,
        uploadId,
      )
      if (counts?.['opened'] !== 1) this.#fail('I13', `${uploadId} was opened ${String(counts?.['opened'])} times`)
      if (Number(counts?.['closed']) > 1) this.#fail('I7', `${uploadId} was closed ${String(counts?.['closed'])} times`)
      if (Number(counts?.['used']) > 1) this.#fail('I7', `${uploadId} was counted ${String(counts?.['used'])} times`)
      if (entry['actor'] === '') this.#fail('I13', `${uploadId} has a line without an actor`)
    }
  }

  /** I1, I10, I11, I17: what an answer says, and to whom. */
  onAnswer(served: ServedRequest, who: Identity | null, answer: WireAnswer, token: TokenAtArrival | null): void {
    const told = answer.headers['upload-offset']
    if (told !== undefined) this.onTold(served.uploadId ?? answer.headers['location']?.split('/')[2] ?? null, Number(told))
    const isTokenAnswer = served.method === 'POST' && answer.body.includes('temp_token')
    if (!isTokenAnswer && answer.body.includes('CANARY')) this.#fail('I17', 'an answer holds a token')
    if (token === null) return
    const isAsUpload = who?.credential.kind === 'temp-token'
    if (answer.status < 300 && isAsUpload) {
      const bound = this.#one('SELECT bound_id FROM temp_tokens WHERE token_hash = ?', token.tokenHash)
      const uploadId = served.uploadId ?? answer.headers['location']?.split('/')[2]
      if (bound?.['bound_id'] !== uploadId)
        this.#fail('I11', `a token of ${String(bound?.['bound_id'])} opened ${String(uploadId)}`)
      if (token.isPastEnd) this.#fail('I11', 'a token was good after its absolute end')
      if (token.boundBefore !== null && token.boundBefore !== uploadId) this.#fail('I11', 'a token was bound twice')
    }
    if (answer.status === 401 && token.isGood && !this.#isOver(token.tokenHash)) {
      this.#fail('I10', `a token that is neither past its end nor revoked was refused: ${answer.body}`)
    }
  }

  /** I1: an offset that is told is durable. */
  onTold(uploadId: string | null, offsetBytes: number): void {
    if (uploadId === null || offsetBytes === 0) return
    const row = this.#one('SELECT * FROM uploads WHERE id = ?', uploadId) as UploadRow | undefined
    if (row === undefined || row.state === 'rejected' || this.parts.isDamaged(uploadId)) return
    this.#told.set(uploadId, Math.max(offsetBytes, this.#told.get(uploadId) ?? 0))
    const durable = this.durableBytes(row)?.sizeBytes ?? 0
    if (durable < offsetBytes) this.#fail('I1', `${uploadId}: told ${offsetBytes}, durable ${durable}`)
  }

  /** What is known of a temporary token when a request with it arrives. */
  tokenAtArrival(tokenHash: string): TokenAtArrival | null {
    const row = this.#one(
      `SELECT t.*, s.end_reason AS session_end, u.disabled_at FROM temp_tokens t
       JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = t.user_id WHERE t.token_hash = ?`,
      tokenHash,
    )
    if (row === undefined) return null
    const now = this.parts.now()
    const isGood = Number(row['expires_at']) > now && !this.parts.isUserDisabledEver(String(row['user_id']))
    const bound = row['bound_id']
    return {
      tokenHash,
      isPastEnd: now > Number(row['ends_at']),
      isGood,
      boundBefore: typeof bound === 'string' ? bound : null,
    }
  }

  #isOver(tokenHash: string): boolean {
    const row = this.#one(
      `SELECT t.end_reason, t.expires_at, s.end_reason AS session_end FROM temp_tokens t
       JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = ?`,
      tokenHash,
    )
    // A clock that jumped while the request was served can have ended it by now.
    if (row === undefined || Number(row['expires_at']) <= this.parts.now()) return true
    const ofSession = row['session_end']
    return row['end_reason'] !== null || (ofSession !== null && ofSession !== 'expired')
  }

  /** I15: what lies on the disk is what the rows refer to, and a partial file ends where its row says. */
  afterReconcile(): void {
    const rows = new Map((this.#all('SELECT * FROM uploads') as unknown as UploadRow[]).map((row) => [row.id, row]))
    for (const path of this.parts.disk.paths(partialsFolder)) {
      const row = rows.get(path.slice(partialsFolder.length + 1))
      if (row?.state !== 'receiving' && row?.state !== 'verifying') {
        this.#fail('I15', `a partial file of an upload that is ${row?.state ?? 'not there'}`)
      } else if (row.state === 'receiving' && (this.parts.disk.look(path)?.sizeBytes ?? 0) > row.offset_bytes) {
        this.#fail('I15', `a partial file goes on beyond ${row.offset_bytes}`)
      }
    }
    const videoIds = new Set([...rows.values()].filter(({ state }) => state !== 'rejected').map(({ video_id: id }) => id))
    for (const path of this.parts.disk.paths(sealedFolder)) {
      if (!videoIds.has(path.slice(sealedFolder.length + 1))) this.#fail('I15', 'a sealed file that no upload knows')
    }
  }

  /** I8, I15 and I12 when the last upload is long over. */
  atTheEnd(): void {
    for (const row of this.#all('SELECT reserved_videos, reserved_duration_ms FROM quotas')) {
      if (row['reserved_videos'] !== 0 || row['reserved_duration_ms'] !== 0)
        this.#fail(
          'I8',
          `a reservation is left: ${this.#all(
            "SELECT id, state, expires_at, filename FROM uploads WHERE state IN ('receiving', 'verifying', 'held')",
          )
            .map((each) => JSON.stringify(each))
            .join(' ')} at ${this.parts.now()}`,
        )
    }
    if (this.parts.disk.paths(partialsFolder).length > 0) this.#fail('I15', 'a partial file is left')
    for (const row of this.#stored.values()) {
      const bytes = this.parts.disk.lookDurable(`${sealedFolder}/${row.video_id}`)
      if (bytes?.sizeBytes !== row.size_bytes) this.#fail('I12', `the file of ${row.id} is gone`)
    }
    const videos = this.#all('SELECT id FROM videos').length
    if (videos !== this.parts.disk.paths(sealedFolder).length) this.#fail('I15', 'sealed files and videos differ in number')
  }

  /** The bytes of an upload that survive a power cut in this moment. */
  durableBytes({ id, video_id: videoId }: Pick<UploadRow, 'id' | 'video_id'>): FileBytes | null {
    const { disk } = this.parts
    return (
      disk.lookDurable(`${partialsFolder}/${id}`) ??
      (videoId === null ? null : disk.lookDurable(`${sealedFolder}/${videoId}`))
    )
  }

  #fail(law: Law, detail: string): void {
    this.parts.onViolation(new Violation(law, detail))
  }

  #one(sql: string, ...parameters: (string | number)[]): Record<string, unknown> | undefined {
    return this.#prepare(sql).get(...parameters)
  }

  #all(sql: string, ...parameters: (string | number)[]): Record<string, unknown>[] {
    return this.#prepare(sql).all(...parameters)
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.parts.sqlite.prepare(sql)
    this.#statements.set(sql, known)
    return known
  }
}

export type TokenAtArrival = {
  readonly tokenHash: string
  readonly isPastEnd: boolean
  /** Neither past its end nor that of a disabled user. */
  readonly isGood: boolean
  readonly boundBefore: string | null
}
