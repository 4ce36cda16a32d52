import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type TransferId, transferIdSchema, type UserId, userIdSchema } from '../../contract/ids'
import type { Transfer, TransfersChange } from '../../contract/transfers'
import { Checks, type Law, type TokenAtArrival, Violation } from './checks'
import { type ContentId, digestOf } from './content'
import { type Door, isInjected } from './door'
import { Owner, Scheduler } from './scheduler'
import type { Schedule } from './schedule'
import { type BackendSeams, durationMsOf, partialsFolder, type SimBackend, startSimBackend } from './sim-backend'
import type { LentSqlite } from './reused-sqlite'
import { lendSimSqlite, type ServedRequest } from './sim-database'
import { lendJournalSqlite, type DeviceSeams, type SimDevice, startSimDevice } from './sim-device'
import { SimDisk } from './sim-disk'
import { type CallFault, lineHoldsBytes, type LineState, type Server } from './sim-network'
import { SimSources } from './sim-sources'
import { createStreams, type Streams } from './streams'

const startsAtMs = Date.UTC(2026, 0, 1)
/** What the backend receives beyond what is durable, at the most, and what the line itself holds. */
const mostAgainBytes = 16 * 1024 * 1024 + lineHoldsBytes

export type Seams = { readonly backend?: BackendSeams; readonly device?: DeviceSeams }

/** One device with what outlives its process. */
export type Device = {
  readonly number: number
  readonly userId: UserId
  readonly sqlite: DatabaseSync
  readonly sources: SimSources
  readonly line: LineState
  readonly armed: CallFault[]
  readonly rows: Map<TransferId, Transfer>
  readonly doneShown: Set<TransferId>
  readonly safeShown: Map<TransferId, string>
  running: SimDevice | null
  starts: number
  sessionToken: string | null
  offsetMs: number
  isJournalFull: boolean
  hasOldJournal: boolean
  keptJournal: readonly Record<string, unknown>[] | null
  /** The person is away from the app until then. */
  isDown: boolean
}

/** Everything that there is in one run. What happens in it is `actions.ts`. */
export class World {
  readonly streams: Streams
  readonly scheduler: Scheduler
  /** Of what the person and the surroundings do. */
  readonly owner = new Owner('world')
  readonly sqlite: DatabaseSync
  readonly disk: SimDisk
  readonly checks: Checks
  readonly users: readonly UserId[]
  readonly devices: readonly Device[]
  readonly strikes = new Map<string, number>()
  readonly tempTokens: { readonly token: string; readonly device: number }[] = []
  readonly damaged = new Set<string>()
  readonly disabledEver = new Set<string>()
  /** How far each upload was sent at most. */
  readonly #sentTo = new Map<string, number>()
  backend: SimBackend | null = null
  backendOffsetMs = 0
  gateFactor = 1
  isCalm = false
  violation: Violation | null = null
  readonly #lent: LentSqlite[] = []
  readonly #backendSqlite: LentSqlite
  #backendStarts = 0
  #endedBackend = new Set<() => void>()
  readonly #expected = new Map<string, { contents: Set<ContentId>; isMixed: boolean }>()

  constructor(
    readonly schedule: Schedule,
    readonly seams: Seams,
  ) {
    this.#backendSqlite = this.#lend(lendSimSqlite)
    this.sqlite = this.#backendSqlite.sqlite
    this.streams = createStreams(schedule.seed)
    this.scheduler = new Scheduler(this.streams('order'), (error) => this.onCrash(error))
    this.disk = new SimDisk({
      scheduler: this.scheduler,
      stream: this.streams('disk'),
      onFault: (fault) => this.strike(fault),
      onTwoWriters: (path) => this.fail('I5', `two writers on ${path}`),
    })
    this.users = schedule.world.users.map((_, index) => userIdSchema.parse(`user-number-${index}`))
    this.devices = schedule.world.devices.map((planned, number) => this.#makeDevice(planned, number))
    this.checks = new Checks({
      sqlite: this.sqlite,
      disk: this.disk,
      expected: (filename) => this.#expected.get(filename) ?? { contents: new Set(), isMixed: false },
      digestOf,
      durationMsOf,
      isDamaged: (id) => this.damaged.has(id),
      isUserDisabledEver: (id) => this.disabledEver.has(id),
      now: () => this.backendNow(),
      onViolation: (violation) => this.onViolation(violation),
    })
  }

  /** The run is over: its databases are emptied for the next one. */
  giveBack(): void {
    for (const lent of this.#lent) lent.giveBack()
  }

  #lend(lend: () => LentSqlite): LentSqlite {
    const lent = lend()
    this.#lent.push(lent)
    return lent
  }

  strike(fault: string): void {
    this.strikes.set(fault, (this.strikes.get(fault) ?? 0) + 1)
    this.scheduler.note(`fault ${fault}`)
  }

  fail(law: Law, detail: string): void {
    this.onViolation(new Violation(law, detail))
  }

  /** The first one counts; what comes after it may follow from it. */
  onViolation(violation: Violation): void {
    if (this.violation !== null) return
    this.violation = violation
    this.scheduler.note(`violation ${violation.message}`)
  }

  backendNow(): number {
    return startsAtMs + Math.floor(this.scheduler.nowMs) + this.backendOffsetMs
  }

  pathOf(device: number, file: number): string {
    return `/home/d${device}/d${device}f${file}.mp4`
  }

  fileIdOf(device: number, file: number): TransferId {
    return transferIdSchema.parse(`transfer-${device}-${file}`)
  }

  /** A file may hold this from now on. */
  expect(path: string, contentId: ContentId, isMixed = false): void {
    const name = path.split('/').at(-1) ?? path
    const known = this.#expected.get(name) ?? { contents: new Set<ContentId>(), isMixed: false }
    known.contents.add(contentId)
    known.isMixed ||= isMixed
    this.#expected.set(name, known)
  }

  insertUsers(): void {
    for (const [index, id] of this.users.entries()) {
      this.sqlite
        .prepare('INSERT INTO users (id, username, username_key, password_hash, role, created_at) VALUES (?, ?, ?, ?, ?, ?)')
        .run(id, `user${index}`, `user${index}`, 'x', 'user', startsAtMs)
      const { limits } = this.schedule.world.users[index] ?? {}
      this.sqlite
        .prepare(
          `INSERT INTO quotas (user_id, max_videos, max_duration_ms, max_file_size_bytes, used_videos, used_duration_ms,
           reserved_videos, reserved_duration_ms) VALUES (?, ?, ?, ?, 0, 0, 0, 0)`,
        )
        .run(id, limits?.maxVideos ?? null, limits?.maxDurationMs ?? null, limits?.maxFileSizeBytes ?? null)
    }
    this.#backendSqlite.flush()
  }

  /** The power goes at the backend: what its disk and its database had not flushed is lost. */
  cutPower(): void {
    this.endBackend()
    this.disk.cutPower()
    this.#backendSqlite.cutPower()
    this.checks.afterPowerCut()
  }

  startBackend(): void {
    this.#backendStarts += 1
    const owner = new Owner(`backend${this.#backendStarts}`)
    const ended = new Set<() => void>()
    const { scheduler } = this
    const gates = this.streams('gates')
    const random = this.streams('ids')
    void startSimBackend({
      scheduler,
      owner,
      sqlite: this.sqlite,
      disk: this.disk,
      flushSqlite: () => this.#backendSqlite.flush(),
      stream: this.streams('machine'),
      flushes: this.streams('flushes'),
      now: () => this.backendNow(),
      random: (sizeBytes) => {
        const bytes = random.bytes(sizeBytes)
        // So that a secret is known wherever it turns up.
        if (sizeBytes === 32) Buffer.from('CANARYtk', 'base64url').copy(bytes)
        return bytes
      },
      gate: () =>
        gates.chance(this.schedule.world.gateChance * this.gateFactor)
          ? scheduler.wait(owner, gates.next() * 2 * this.gateFactor, 'sql')
          : null,
      onChange: (query) => this.checks.onChange(query),
      onArrival: (served, { headers }) => {
        const token = headers['x-temp-token']
        const known =
          token === undefined ? null : this.checks.tokenAtArrival(createHash('sha256').update(token).digest('hex'))
        if (known !== null) this.#arrivals.set(served, known)
      },
      onAnswer: (served, who, answer) => {
        scheduler.note(`answer ${served.method} ${served.uploadId ?? ''} ${answer.status}`)
        this.checks.onAnswer(served, who, answer, this.#arrivals.get(served) ?? null)
      },
      onBug: (error) => this.onBug(error),
      log: (line) => this.onLog(line),
      seams: this.seams.backend ?? {},
    }).then(
      (backend) => {
        this.backend = { ...backend, door: this.#watchedDoor(backend.door) }
        this.#endedBackend = ended
        this.checks.afterReconcile()
      },
      (error: unknown) => this.onBug(error),
    )
    this.#starting = owner
  }

  /** Its process ends without a word: what is open is reset, what runs stands still for ever. */
  endBackend(): void {
    if (this.backend !== null) this.backend.owner.isAlive = false
    if (this.#starting !== null) this.#starting.isAlive = false
    this.backend = null
    this.#starting = null
    if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK')
    this.disk.forgetWriters()
    for (const tell of this.#endedBackend) tell()
    this.#endedBackend.clear()
  }

  #starting: Owner | null = null
  readonly #arrivals = new WeakMap<ServedRequest, TokenAtArrival>()

  get isBackendThere(): boolean {
    return this.backend !== null || this.#starting !== null
  }

  startDevice(device: Device): void {
    device.starts += 1
    const { number } = device
    const owner = new Owner(`app${number}.${device.starts}`)
    const { scheduler } = this
    device.running = startSimDevice(
      {
        scheduler,
        owner,
        stream: this.streams(`app${number}`),
        sqlite: device.sqlite,
        sources: device.sources,
        line: device.line,
        armed: device.armed,
        server: () => this.#server(),
        onFault: (kind) => this.strike(kind),
        onPatch: (uploadId, fromBytes) => this.#onPatch(uploadId, fromBytes),
        onSent: (uploadId, toBytes) => this.#onSent(uploadId, toBytes),
        now: () => startsAtMs + Math.floor(scheduler.nowMs) + device.offsetMs,
        sessionToken: () => device.sessionToken,
        isJournalFull: () => device.isJournalFull,
        simultaneousUploads: this.schedule.world.devices[number]?.simultaneousUploads ?? 1,
        onRefused: (reason) => this.#onRefused(device, reason),
        onChange: (change) => this.#onChange(device, change),
        onStored: () => undefined,
        onToken: (token) => this.tempTokens.push({ token, device: number }),
        log: (line) => this.onLog(line),
        seams: this.seams.device ?? {},
      },
      device.userId,
    )
    this.#checkJournal(device)
  }

  /** Signs a person in as soon as the backend is there. */
  signIn(device: Device, delayMs: number): void {
    this.scheduler.after(this.owner, delayMs, `sign-in ${device.number}`, () => {
      if (device.sessionToken !== null) return
      this.backend?.signIn(device.userId).then(
        (token) => {
          device.sessionToken ??= token
          device.running?.manager.setAccount(device.userId)
        },
        () => undefined,
      )
      this.signIn(device, 2_000)
    })
  }

  onBug(error: unknown): void {
    if (!isInjected(error)) this.fail('bug', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  /** What nobody catches ends a process, whatever it came from. */
  onCrash(error: unknown): void {
    this.fail('bug', `nobody catches ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }

  onLog(line: string): void {
    if (line.includes('CANARY')) this.fail('I17', `a log line holds a token: ${line}`)
    if (line.includes('transfer.bug')) this.fail('bug', line)
    this.scheduler.note(line.slice(0, 160))
  }

  #server(): Server | null {
    const { backend } = this
    if (backend === null) return null
    const ended = this.#endedBackend
    return {
      door: backend.door,
      whenEnded(callback) {
        ended.add(callback)
        return () => void ended.delete(callback)
      },
    }
  }

  /** I1 for what is told on the way. */
  #watchedDoor(door: Door): Door {
    return (request, onInterim) => {
      const uploadId = request.path.split('/')[2] ?? null
      return door(request, (headers) => {
        this.checks.onTold(uploadId, Number(headers['upload-offset']))
        onInterim(headers)
      })
    }
  }

  #onSent(uploadId: string, toBytes: number): void {
    this.#sentTo.set(uploadId, Math.max(toBytes, this.#sentTo.get(uploadId) ?? 0))
  }

  /** I16: what an interruption makes go over the line once more is bounded. */
  #onPatch(uploadId: string, fromBytes: number): void {
    const againBytes = (this.#sentTo.get(uploadId) ?? 0) - fromBytes
    this.#sentTo.set(uploadId, fromBytes)
    if (againBytes > mostAgainBytes && !this.damaged.has(uploadId)) {
      this.fail('I16', `${uploadId} sends ${againBytes} bytes again`)
    }
  }

  #onRefused(device: Device, reason: string | null): void {
    device.sessionToken = null
    // What ran on with an expired session goes on; one that was revoked is over in the app as well.
    if (reason !== 'expired') device.running?.manager.setAccount(null)
    this.signIn(device, this.isCalm ? 1_000 : 1_000 + this.streams('person').next() * 20_000)
  }

  #onChange(device: Device, { changed, order }: TransfersChange): void {
    for (const row of changed) this.#checkRow(device, row)
    if (order === null) return
    const shown = new Set(order)
    for (const id of device.rows.keys()) if (!shown.has(id)) device.rows.delete(id)
  }

  /** I3: what was shown as done stays done. I14: what is shown as safe only grows, and is all of it exactly when it is done. */
  #checkRow(device: Device, row: Transfer): void {
    device.rows.set(row.id, row)
    const { kind } = row.status
    if (row.safeBytes > row.sentBytes || row.sentBytes > row.sizeBytes) {
      this.fail('I14', `${row.id} shows ${row.safeBytes} of ${row.sentBytes} of ${row.sizeBytes}`)
    }
    if (kind === 'done') {
      if (row.safeBytes !== row.sizeBytes) this.fail('I14', `${row.id} is done at ${row.safeBytes} of ${row.sizeBytes}`)
      device.doneShown.add(row.id)
    } else if (device.doneShown.has(row.id) && !device.hasOldJournal) {
      this.fail('I3', `${row.id} was shown as done and is ${kind}`)
    }
  }

  /** I3 and I17 when an app starts again. */
  #checkJournal(device: Device): void {
    const rows = device.sqlite.prepare('SELECT * FROM transfers').all()
    if (JSON.stringify(rows).includes('CANARY')) this.fail('I17', 'the journal holds a token')
    if (device.hasOldJournal) return
    for (const row of rows) {
      const id = transferIdSchema.parse(row['id'])
      if (device.doneShown.has(id) && row['phase'] !== 'done') this.fail('I3', `${id} was done before the app ended`)
    }
  }

  #makeDevice(planned: Schedule['world']['devices'][number], number: number): Device {
    const owner = this.owner
    const stream = this.streams(`sources${number}`)
    const pause = (label: string): Promise<void> =>
      stream.chance(0.1) ? this.scheduler.wait(owner, stream.next() * 5, label) : Promise.resolve()
    const sources = new SimSources(pause)
    for (const [file, { contentId, sizeBytes }] of planned.files.entries()) {
      const path = this.pathOf(number, file)
      sources.put(path, contentId, sizeBytes)
      this.expect(path, contentId)
    }
    const userId = this.users[planned.user]
    if (userId === undefined) throw new Error('a device of nobody')
    return {
      number,
      userId,
      sqlite: this.#lend(lendJournalSqlite).sqlite,
      sources,
      line: { ...planned.line, isDeafToServer: false, isDeafToClient: false, isCaptive: false },
      armed: [],
      rows: new Map(),
      doneShown: new Set(),
      safeShown: new Map(),
      running: null,
      starts: 0,
      sessionToken: null,
      offsetMs: 0,
      isJournalFull: false,
      hasOldJournal: false,
      keptJournal: null,
      isDown: false,
    }
  }
}

export { partialsFolder }
