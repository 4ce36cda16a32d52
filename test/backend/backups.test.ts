import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertJob } from '../../backend/jobs/jobs-table'
import { backupEntriesSchema, backupsAnswerSchema, scheduleSchema, staffBackupsSchema } from '../../contract/backups'
import { jobIdSchema } from '../../contract/ids'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { archivePath, backUp, idOf, libraryOf, placeVideos, planOf, reportOf, restore } from '../support/backups'
import { auditLog, ledgerOf, reason } from '../support/staff'

const readers = [
  ['unzip', '-tq'],
  ['python3', '-m', 'zipfile', '-t'],
] as const

let server: TestBackend
let staff: TestUser
beforeAll(async () => {
  server = await startTestBackend()
  // The first account of an instance is staff.
  staff = await server.signUp('support')
})
afterAll(() => server[Symbol.asyncDispose]())

describe('a backup', () => {
  it('holds the library of one moment, is checked when it is done, and opens with any program for ZIP', async () => {
    const user = await server.signUp('one-moment')
    await placeVideos(server, await idOf(user), [{ filename: 'a.mp4' }, { filename: 'عطلة.mp4' }])
    const backup = await backUp(server, user)
    expect(backup).toMatchObject({ state: 'ready', videosCount: 2, contentBytes: 4000, check: { kind: 'sound' } })
    const path = archivePath(server, backup)
    // Whatever this machine has; a machine without either has no other opinion to ask for.
    const [reader] = readers.filter(([program]) => spawnSync(program, ['-h']).error === undefined)
    if (reader !== undefined) expect(spawnSync(reader[0], [...reader.slice(1), path]).status).toBe(0)
    const entries = backupEntriesSchema.parse((await user.send('GET', `/backups/${backup.id}/entries?query=عطلة`)).json())
    expect(entries).toMatchObject({ total: 1, entries: [{ filename: 'عطلة.mp4' }] })
    expect(readdirSync(join(server.dataFolder, 'archives')).filter((name) => name.startsWith(backup.id))).toEqual([
      `${backup.id}.zip`,
    ])
  })

  it('is sent by ranges with a digest, to its owner alone', async () => {
    const user = await server.signUp('ranges')
    const stranger = await server.signUp('ranges-stranger')
    await placeVideos(server, await idOf(user), [{ filename: 'a.mp4' }])
    const { id, sha256, sizeBytes } = await backUp(server, user)
    const answer = await user.send('GET', `/backups/${id}/content`, { headers: { range: 'bytes=0-3' } })
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([206, 'PK\u0003\u0004', `"${sha256}"`])
    expect(answer.headers.get('content-range')).toBe(`bytes 0-3/${sizeBytes}`)
    for (const path of ['', '/content', '/entries']) {
      expect((await stranger.send('GET', `/backups/${id}${path}`)).status).toBe(404)
    }
    expect((await user.send('DELETE', `/backups/${id}`)).status).toBe(204)
    expect(existsSync(join(server.dataFolder, 'archives', `${id}.zip`))).toBe(false)
  })

  it('is made by staff for somebody, on record, and staff see what there is of it', async () => {
    const user = await server.signUp('asked-for-help')
    await placeVideos(server, await idOf(user), [{ filename: 'a.mp4' }])
    const path = '/admin/users/asked-for-help/backups'
    expect((await user.send('GET', path)).status).toBe(403)
    expect((await staff.send('POST', path, { json: { reason } })).status).toBe(202)
    await server.backend.jobsEnded()
    const seen = staffBackupsSchema.parse((await staff.send('GET', path)).json())
    expect(seen).toMatchObject({ backups: [{ origin: 'staff', state: 'ready', check: { kind: 'sound' } }], restores: [] })
    expect(await auditLog(staff, 'action=backup.create')).toMatchObject([{ username: 'asked-for-help', reason }])
    await restore(server, user, { backupId: seen.backups[0]?.id ?? '' })
    const after = staffBackupsSchema.parse((await staff.send('GET', path)).json())
    expect(after.restores).toMatchObject([{ kind: 'restore', state: 'done', skipped: 1 }])
  })

  it('comes by itself, of these the newest are kept, and stored ones are looked at again', async () => {
    const user = await server.signUp('scheduled')
    const answer = await user.send('PATCH', '/backups/schedule', { json: { every: 'day', keep: 2 } })
    expect(scheduleSchema.parse(answer.json())).toMatchObject({ every: 'day', keep: 2 })
    const asked = await backUp(server, user)
    for (let day = 0; day < 3; day += 1) {
      server.clock.now += 25 * 60 * 60 * 1000
      await server.backend.sweep()
      await server.backend.jobsEnded()
    }
    const again = await server.signIn('scheduled')
    const { backups } = backupsAnswerSchema.parse((await again.send('GET', '/backups')).json())
    expect(backups.map(({ origin }) => origin)).toEqual(['scheduled', 'scheduled', 'asked'])
    // A restore of somebody that rests, for days perhaps, does not keep it from coming.
    const resting = { kind: 'restore', state: 'paused', backupId: asked.id, options: '{}' } as const
    const job = { id: jobIdSchema.parse('job-that-rests'), userId: await idOf(staff), createdAt: server.clock.now + 1e9 }
    await insertJob(server.backend.db, { ...job, ...resting, sessionId: null, apiTokenId: null, tempTokenHash: null })
    // The drill: a byte that turned on the disk is found and dated, without anybody asking.
    server.clock.now += 8 * 24 * 60 * 60 * 1000
    await user.send('PATCH', '/backups/schedule', { json: { every: null, keep: 2 } })
    const file = openSync(archivePath(server, asked), 'r+')
    writeSync(file, Buffer.from('x'), 0, 1, 80)
    closeSync(file)
    for (let round = 0; round < 8; round += 1) {
      await server.backend.sweep()
      await server.backend.jobsEnded()
    }
    const later = backupsAnswerSchema.parse((await again.send('GET', '/backups')).json())
    expect(later.backups.find(({ id }) => id === asked.id)?.check).toMatchObject({ kind: 'damaged' })
  })
})

describe('a restore', () => {
  it('brings back what is missing, says before what it would do, and after what it did; quota is not taken twice', async () => {
    const user = await server.signUp('restores')
    const userId = await idOf(user)
    const [kept, lost] = await placeVideos(server, userId, [{ filename: 'kept.mp4' }, { filename: 'lost.mp4' }])
    const before = await libraryOf(user)
    const backup = await backUp(server, user)
    await user.send('DELETE', `/videos/${lost}`)
    const [quota, ledger] = [(await user.quota()).usage, await ledgerOf(user)]

    expect(await planOf(user, { backupId: backup.id })).toMatchObject({ restores: 1, restoresBytes: 2000, skips: 1 })
    const status = await restore(server, user, { backupId: backup.id })
    expect(status).toMatchObject({ state: 'done', succeeded: 1, skipped: 1, failed: 0, total: 2, bytesDone: 2000 })
    const after = await libraryOf(user)
    const facts = (videos: typeof after) =>
      videos.map(({ filename, sha256, createdAt }) => ({ filename, sha256, createdAt }))
    expect(facts(after)).toEqual(facts(before))
    expect(after[0]?.id).toBe(kept)
    const content = await user.send('GET', `/videos/${after[1]?.id}/content`)
    expect([content.status, content.headers.get('content-length')]).toEqual([200, '2000'])
    expect([(await user.quota()).usage, await ledgerOf(user)]).toEqual([quota, ledger])
    const { entries } = await reportOf(user, status.id)
    expect(entries.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
      ['kept.mp4', 'skipped', 'same-video-exists'],
      ['lost.mp4', 'restored', null],
    ])
  })

  it('puts beside or takes the place, as it was asked to, and of some videos alone', async () => {
    const user = await server.signUp('modes')
    const userId = await idOf(user)
    const [first] = await placeVideos(server, userId, [
      { filename: 'a.mp4', bytes: Buffer.from('as it was') },
      { filename: 'b.mp4' },
    ])
    const { id: backupId } = await backUp(server, user)
    await user.send('DELETE', `/videos/${first}`)
    const [other] = await placeVideos(server, userId, [{ filename: 'A.mp4', bytes: Buffer.from('another') }])
    const videos = [first as never]
    expect(await restore(server, user, { backupId, videos })).toMatchObject({ state: 'done', skipped: 1, succeeded: 0 })
    expect(await restore(server, user, { backupId, videos, mode: 'keep-both' })).toMatchObject({ succeeded: 1, total: 1 })
    expect((await libraryOf(user)).map(({ filename }) => filename)).toEqual(['a (2).mp4', 'A.mp4', 'b.mp4'])
    expect(await restore(server, user, { backupId, videos, mode: 'replace' })).toMatchObject({ succeeded: 1 })
    const library = await libraryOf(user)
    expect(library.map(({ filename, sizeBytes }) => [filename, sizeBytes])).toEqual([
      ['a.mp4', 9],
      ['b.mp4', 2000],
    ])
    expect(existsSync(join(server.dataFolder, 'videos', String(other)))).toBe(false)
    expect(readdirSync(join(server.dataFolder, 'videos')).includes(String(library[0]?.id))).toBe(true)
  })

  it('changes nothing where the archive is damaged, names the entry, and brings the others back when asked to', async () => {
    const user = await server.signUp('damaged')
    const userId = await idOf(user)
    const ids = await placeVideos(server, userId, [
      { filename: 'sound.mp4' },
      { filename: 'hit.mp4', bytes: randomBytes(3000) },
    ])
    const backup = await backUp(server, user)
    for (const id of ids) await user.send('DELETE', `/videos/${id}`)
    const path = archivePath(server, backup)
    const bytes = readFileSync(path)
    const at = bytes.indexOf(`videos/${ids[1]}.mp4`) + 200
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    writeFileSync(path, bytes)
    const files = readdirSync(join(server.dataFolder, 'videos')).length
    const refused = await restore(server, user, { backupId: backup.id })
    expect(refused).toMatchObject({
      state: 'failed',
      code: 'archive-damaged',
      errors: [{ name: 'hit.mp4', reason: 'damaged' }],
    })
    expect(await libraryOf(user)).toEqual([])
    expect(readdirSync(join(server.dataFolder, 'videos')).length).toBe(files)
    const some = await restore(server, user, { backupId: backup.id, skipsDamaged: true })
    expect(some).toMatchObject({ state: 'done', succeeded: 1, failed: 1 })
    expect((await libraryOf(user)).map(({ filename }) => filename)).toEqual(['sound.mp4'])
    rmSync(path)
    expect(await restore(server, user, { backupId: backup.id })).toMatchObject({ state: 'failed', code: 'archive-missing' })
  })
})
