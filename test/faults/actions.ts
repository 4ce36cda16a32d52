import { Readable } from 'node:stream'
import type { TransferVerb } from '../../main/transfers/process-messages'
import type { Action, Schedule } from './schedule'
import { faultNameOf } from './schedule'
import { durationMsOf, partialsFolder } from './sim-backend'
import type { Device, World } from './world'

const sleepTakesMs = 4_000

/** Does one thing of a schedule. What it needs and does not find makes it nothing. */
export function act(world: World, action: Action): void {
  const name = faultNameOf(action)
  const isDone = perform(world, action)
  if (name !== null && isDone) world.strike(name)
}

function perform(world: World, action: Action): boolean {
  switch (action.do) {
    case 'add':
      return addFiles(world, action.device, action.files)
    case 'verb':
      return say(world, action.device, action.file, action.verb)
    case 'call-fault':
      world.devices[action.device]?.armed.push(action.fault)
      return true
    case 'disk-fault':
      world.disk.armed.push(action.fault)
      return true
    case 'line':
      return changeLine(world, action)
    case 'kill-backend':
    case 'cut-power':
    case 'restart-backend':
      return stopBackend(world, action)
    case 'kill-app':
    case 'quit-app':
      return stopApp(world, action)
    case 'keep-journal':
      return keepJournal(world.devices[action.device])
    case 'disk-full':
      world.disk.isFull = true
      later(world, action.forMs, () => (world.disk.isFull = false))
      return true
    case 'slow-disk':
      world.disk.slowness = action.factor
      later(world, action.forMs, () => (world.disk.slowness = 1))
      return true
    case 'slow-database':
      world.gateFactor = action.factor
      later(world, action.forMs, () => (world.gateFactor = 1))
      return true
    case 'flip-bit':
    case 'lose-partial':
      return damage(world, action)
    case 'journal-full':
      return onDevice(world, action.device, (device) => {
        device.isJournalFull = true
        later(world, action.forMs, () => (device.isJournalFull = false))
      })
    case 'source':
      return changeSource(world, action)
    case 'clock':
      if (action.who === 'backend') world.backendOffsetMs += action.byMs
      else return onDevice(world, action.who, (device) => (device.offsetMs += action.byMs))
      return true
    case 'sleep':
      return onDevice(world, action.device, (device) => {
        const owner = device.running?.owner
        if (owner === undefined) return
        // Its timers stand still for a moment of the run, and in that moment the hours pass on every clock.
        owner.asleepFromMs = world.scheduler.nowMs
        owner.asleepUntilMs = world.scheduler.nowMs + sleepTakesMs
        later(world, sleepTakesMs, () => {
          world.backendOffsetMs += action.forMs
          for (const each of world.devices) each.offsetMs += action.forMs
        })
      })
    case 'session':
      return changeSession(world, action)
    case 'disable-user':
      return disableUser(world, action)
    case 'limits': {
      const userId = world.users[action.user]
      if (userId === undefined || world.backend === null) return false
      quietly(world.backend.setLimits(userId, action.limits))
      return true
    }
    case 'sweep':
      if (world.backend !== null) quietly(world.backend.sweep())
      return true
    case 'misuse-token':
    case 'second-sender':
      return misuseToken(world, action)
    default:
      return action satisfies never
  }
}

/** The end of all trouble: everybody is there again, and whoever can mend something does. */
export function becomeCalm(world: World): void {
  world.isCalm = true
  world.disk.armed.length = 0
  world.disk.isFull = false
  world.disk.slowness = 1
  world.gateFactor = 1
  if (!world.isBackendThere) world.startBackend()
  for (const device of world.devices) {
    device.armed.length = 0
    device.isJournalFull = false
    heal(device)
    device.isDown = false
    if (device.running === null) world.startDevice(device)
    else device.running.manager.tryNow()
  }
  later(world, 3_000, () => {
    for (const userId of world.disabledEver) {
      const user = world.users.find((each) => each === userId)
      if (user !== undefined && world.backend !== null) quietly(world.backend.setDisabled(user, false))
    }
    for (const device of world.devices) {
      if (device.sessionToken === null) world.signIn(device, 1_000)
      resumePaused(world, device)
    }
  })
}

/** Nobody leaves anything paused for ever. */
function resumePaused(world: World, device: Device): void {
  const ids = [...device.rows.values()].filter(({ status }) => status.kind === 'paused').map(({ id }) => id)
  if (ids.length > 0) quietly(device.running?.manager.act('resume', ids))
  later(world, 10_000, () => resumePaused(world, device))
}

function heal(device: Device): void {
  device.line.isDeafToServer = false
  device.line.isDeafToClient = false
  device.line.isCaptive = false
}

function later(world: World, delayMs: number, run: () => void): void {
  world.scheduler.after(world.owner, delayMs, 'world', run)
}

/** What a person asks for may be refused; what the refusal means is checked elsewhere. */
function quietly(work: Promise<unknown> | undefined): void {
  work?.catch(() => undefined)
}

function onDevice(world: World, number: number, run: (device: Device) => void): boolean {
  const device = world.devices[number]
  if (device === undefined) return false
  run(device)
  return true
}

function declaredSeconds(file: Schedule['world']['devices'][number]['files'][number]): number | null {
  const seconds = durationMsOf(file.contentId, file.sizeBytes) / 1000
  if (file.declared === 'none') return null
  return file.declared === 'true' ? seconds : file.declared === 'less' ? seconds / 2 : seconds * 2
}

function addFiles(world: World, number: number, files: readonly number[]): boolean {
  const device = world.devices[number]
  const planned = world.schedule.world.devices[number]
  if (device?.running === null || device === undefined || planned === undefined) return false
  const chosen = files.flatMap((index) => {
    const file = planned.files[index]
    if (file === undefined) return []
    const path = world.pathOf(number, index)
    return {
      id: world.fileIdOf(number, index),
      path,
      name: path.split('/').at(-1) ?? path,
      durationSeconds: declaredSeconds(file),
      mediaType: 'video/mp4',
      isSpooled: false,
    }
  })
  quietly(device.running.manager.add(chosen))
  return true
}

function say(world: World, number: number, file: number, verb: TransferVerb): boolean {
  const device = world.devices[number]
  const id = world.fileIdOf(number, file)
  if (verb === 'remove') device?.doneShown.delete(id)
  quietly(device?.running?.manager.act(verb, [id]))
  return true
}

function changeLine(world: World, { device: number, change, forMs }: Action & { do: 'line' }): boolean {
  return onDevice(world, number, ({ line }) => {
    const before = { ...line }
    if (change === 'deaf-to-server') line.isDeafToServer = true
    if (change === 'deaf-to-client') line.isDeafToClient = true
    if (change === 'captive') line.isCaptive = true
    if (change === 'slow') {
      line.bytesPerMs /= 20
      line.latencyMs *= 5
    }
    later(world, forMs, () => {
      line.isDeafToServer = false
      line.isDeafToClient = false
      line.isCaptive = false
      line.bytesPerMs = Math.max(line.bytesPerMs, before.bytesPerMs)
      line.latencyMs = Math.min(line.latencyMs, before.latencyMs)
    })
  })
}

function stopBackend(
  world: World,
  { do: how, downMs }: Action & { do: 'kill-backend' | 'cut-power' | 'restart-backend' },
): boolean {
  const { backend } = world
  if (backend === null) return false
  const end = (): void => {
    if (world.backend !== backend) return
    if (how === 'cut-power') world.cutPower()
    else world.endBackend()
    later(world, downMs, () => {
      if (!world.isBackendThere) world.startBackend()
    })
  }
  if (how !== 'restart-backend') end()
  else {
    void backend.uploads[Symbol.asyncDispose]().then(() => later(world, 1, end))
    // One that hangs is killed.
    later(world, 20_000, end)
  }
  return true
}

function stopApp(world: World, action: Action & { do: 'kill-app' | 'quit-app' }): boolean {
  const device = world.devices[action.device]
  const running = device?.running ?? null
  if (device === undefined || running === null) return false
  const isOld = action.do === 'kill-app' && action.journal === 'old'
  if (isOld && device.keptJournal === null) return false
  const end = (): void => {
    if (device.running !== running) return
    running.kill()
    device.running = null
    device.rows.clear()
    if (isOld) restoreJournal(device)
    later(world, action.downMs, () => {
      if (device.running === null) world.startDevice(device)
    })
  }
  if (action.do === 'kill-app') end()
  else {
    void running.manager[Symbol.asyncDispose]().then(() => later(world, 1, end))
    later(world, 10_000, end)
  }
  return true
}

function keepJournal(device: Device | undefined): boolean {
  if (device === undefined) return false
  device.keptJournal = device.sqlite.prepare('SELECT * FROM transfers').all()
  return true
}

/** A backup of the device from some time ago comes back. */
function restoreJournal(device: Device): void {
  device.hasOldJournal = true
  device.sqlite.exec('DELETE FROM transfers; DELETE FROM abandoned_uploads')
  for (const row of device.keptJournal ?? []) {
    const names = Object.keys(row)
    device.sqlite
      .prepare(`INSERT INTO transfers (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})`)
      // Rows of a STRICT table hold what its columns say.
      .run(row as Record<string, string | number | null>)
  }
}

function damage(world: World, action: Action & { do: 'flip-bit' | 'lose-partial' }): boolean {
  const [path] = world.disk.paths(partialsFolder).filter((each) => (world.disk.look(each)?.sizeBytes ?? 0) > 0)
  const id = path?.slice(partialsFolder.length + 1)
  if (path === undefined || id === undefined) return false
  const state = world.sqlite.prepare('SELECT state FROM uploads WHERE id = ?').get(id)?.['state']
  if (state !== 'receiving') return false
  world.damaged.add(id)
  if (action.do === 'lose-partial') world.disk.lose(path)
  else world.disk.flip(path, Math.floor((world.disk.look(path)?.sizeBytes ?? 1) * Math.min(action.at, 0.999)))
  return true
}

function changeSource(world: World, action: Action & { do: 'source' }): boolean {
  const device = world.devices[action.device]
  const path = world.pathOf(action.device, action.file)
  const file = device?.sources.fileAt(path)
  if (device === undefined || file === null || file === undefined) return false
  const other = (file.contentId + 1) % 6
  switch (action.change) {
    case 'replaced':
      world.expect(path, other)
      device.sources.replace(path, other)
      break
    case 'modified':
      world.expect(path, other, true)
      device.sources.modify(path, other)
      break
    case 'missing':
    case 'unreadable':
      device.sources.setTrouble(path, action.change)
      later(world, action.forMs, () => device.sources.setTrouble(path, null))
      break
    default:
      return action.change satisfies never
  }
  return true
}

function changeSession(world: World, { device: number, change }: Action & { do: 'session' }): boolean {
  const device = world.devices[number]
  const token = device?.sessionToken ?? null
  const { backend } = world
  if (device === undefined || token === null || backend === null) return false
  if (change === 'expire') {
    if (world.sqlite.isTransaction) return false
    const [, sessionId = ''] = token.split('.')
    world.sqlite.prepare('UPDATE sessions SET expires_at = ? WHERE id = ?').run(world.backendNow(), sessionId)
    return true
  }
  if (change === 'password') quietly(backend.changePassword(token))
  else quietly(backend.signOut(token, change))
  return true
}

function disableUser(world: World, { user, forMs }: Action & { do: 'disable-user' }): boolean {
  const userId = world.users[user]
  if (userId === undefined || world.backend === null) return false
  world.disabledEver.add(userId)
  quietly(world.backend.setDisabled(userId, true))
  later(world, forMs, () => quietly(world.backend?.setDisabled(userId, false)))
  return true
}

/** Somebody has a job token and tries it elsewhere, or beside its owner. What comes of it is judged at the door. */
function misuseToken(world: World, action: Action & { do: 'misuse-token' | 'second-sender' }): boolean {
  const { backend, sqlite } = world
  const known = world.tempTokens.findLast(({ device }) => device === action.device)
  if (backend === null || known === undefined) return false
  const uploads = sqlite.prepare("SELECT id, offset_bytes, size_bytes FROM uploads WHERE state = 'receiving'").all()
  const ask = (method: string, path: string, headers: Record<string, string>, bytes: Buffer): void => {
    const body = new Readable({ read: () => undefined })
    body.push(bytes)
    body.push(null)
    const asked = {
      'tus-resumable': '1.0.0',
      'x-temp-token': known.token,
      'content-length': String(bytes.length),
      ...headers,
    }
    void backend.door({ method, path, headers: asked, body }, () => undefined)
  }
  const type = { 'content-type': 'application/offset+octet-stream' }
  if (action.do === 'second-sender') {
    const [upload] = uploads
    if (upload === undefined) return false
    // The half-open first sender of the same file: the bytes are the right ones, and they come twice.
    ask(
      'PATCH',
      `/uploads/${String(upload['id'])}`,
      { ...type, 'upload-offset': String(upload['offset_bytes']) },
      Buffer.alloc(0),
    )
    return true
  }
  if (action.how === 'second-upload') {
    const filename = Buffer.from('misused.mp4').toString('base64')
    ask('POST', '/uploads', { 'upload-length': '1000', 'upload-metadata': `filename ${filename}` }, Buffer.alloc(0))
    return true
  }
  if (action.how === 'too-late' && !sqlite.isTransaction) {
    const old = world.backendNow() - 8 * 24 * 3_600_000
    sqlite.prepare('UPDATE temp_tokens SET created_at = ?, ends_at = ?, expires_at = ?').run(old, old, old)
  }
  for (const { id } of uploads) ask('HEAD', `/uploads/${String(id)}`, {}, Buffer.alloc(0))
  return true
}
