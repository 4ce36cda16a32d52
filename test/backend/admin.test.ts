import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { admin, runAdmin } from '../support/admin'
import { startTestBackend } from '../support/backend'
import { openStream } from '../support/event-stream'
import { auditLog, cardOf, ledgerOf, reason } from '../support/staff'
import { temporaryFolder } from '../support/temporary-folder'
import { created, octets, uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'

const because = ['--reason', reason] as const
const account = userInfo().username

/** Closed at once: a connection that is collected later would write its log into the file. */
function raiseSchema(path: string): void {
  using database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 9999')
}

describe('the command line on the backend’s machine', () => {
  it('shows users and quotas, and checks everything, while the backend runs', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('nok')
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    await created(user, { sizeBytes: 5 })
    expect((await admin(server.dataFolder, 'users', 'list')).rows).toMatchObject([
      { username: 'nok', role: 'staff', disabledAt: null, quota: { usedVideos: 1 } },
    ])
    expect((await admin(server.dataFolder, 'users', 'list', 'nobody')).rows).toEqual([])
    const { rows } = await admin(server.dataFolder, 'quota', 'show', 'NOK')
    expect(rows).toEqual(await cardOf(user, 'nok'))
    expect(rows).toMatchObject({ quota: { usedVideos: 1, reservedVideos: 1, usedSeconds: 3 }, shown: await user.quota() })
    expect(await admin(server.dataFolder, 'check')).toMatchObject({ code: 0, rows: [] })
    const people = await runAdmin(['--data-dir', server.dataFolder, 'quota', 'show', 'nok'])
    expect(people.output).toContain(
      'WHAT     USED  RESERVED  LIMIT  LEFT  STORED\nvideos      1         1     10     8       1\n',
    )
  })

  it('names a file whose bytes have changed, and says so with its exit code', async () => {
    await using server = await startTestBackend()
    await uploadFile(await server.signUp('nok'), await makeVideo({ name: 'a.mp4', seconds: 3 }))
    const videos = join(server.dataFolder, 'videos')
    const [name = ''] = readdirSync(videos)
    writeFileSync(join(videos, name), 'x', { flag: 'r+' })
    expect(await admin(server.dataFolder, 'check')).toMatchObject({
      code: 1,
      rows: [{ area: 'files', subject: name, detail: 'the digest differs' }],
    })
  })

  it('mends counters, reservations and short partial files, on record, and only where no backend runs', async () => {
    using folder = temporaryFolder()
    {
      await using server = await startTestBackend({ dataFolder: folder.path })
      const user = await server.signUp('nok')
      await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
      const location = await created(user, { sizeBytes: 5, duration: 7 })
      const id = location.split('/').at(-1) ?? ''
      await user.send('PATCH', location, { headers: { ...octets, 'upload-offset': '0' }, body: Buffer.from('abcd') })
      expect(await admin(folder.path, 'check', '--repair')).toMatchObject({
        code: 3,
        errors: expect.stringContaining('stop'),
      })
      expect((await admin(folder.path, 'check')).rows).toEqual([])
      await server.backend[Symbol.asyncDispose]()
      truncateSync(join(folder.path, 'partials', id), 2)
    }
    using raw = new DatabaseSync(join(folder.path, 'reelport.sqlite'))
    raw.exec('UPDATE quotas SET used_videos = 5')
    const found = await admin(folder.path, 'check')
    expect(found).toMatchObject({ code: 1, rows: [{ area: 'ledger' }, { area: 'partials' }] })
    expect(await admin(folder.path, 'check', '--repair')).toMatchObject({
      code: 0,
      rows: {
        repaired: [
          { area: 'ledger', subject: 'nok' },
          { area: 'partials', done: 'goes on from 2 bytes' },
        ],
        findings: [],
      },
    })
    raw.exec(`UPDATE quotas SET reserved_videos = 3`)
    raw.exec(`INSERT INTO quota_entries SELECT NULL, user_id, at, 'reserve', NULL, actor, 'x', 'planted', 0, 0, 2, 0, 1, 3000,
      3, 7000 FROM quota_entries ORDER BY id DESC LIMIT 1`)
    expect(await admin(folder.path, 'check', '--repair')).toMatchObject({
      code: 0,
      rows: { repaired: [{ area: 'reservations', subject: 'nok' }], findings: [] },
    })
    await using server = await startTestBackend({ dataFolder: folder.path })
    const staff = await server.signIn('nok')
    expect(await auditLog(staff, 'action=data.repair')).toMatchObject([
      { subject: 'reservations', before: { reservedVideos: 3 }, after: { reservedVideos: 1, reservedDurationMs: 7000 } },
      { before: { offsetBytes: 4 }, after: { offsetBytes: 2 } },
      { subject: 'ledger', actor: account, before: { usedVideos: 5 }, after: { usedVideos: 1 } },
    ])
  })

  it('does what staff do over HTTP, on record with the account of the system, and the running backend tells at once', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('nok')
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    using stream = await openStream(server, { headers: { authorization: `Bearer ${user.token}` } })

    const reset = await admin(server.dataFolder, 'quota', 'reset', 'nok', ...because, '--ticket', 'T-7')
    expect(reset).toMatchObject({ code: 0, rows: { before: { usedVideos: 1 }, after: { usedVideos: 0 } } })
    await stream.expectNext('quota.changed')
    expect((await user.quota()).usage.videos_count).toBe(0)
    expect(await auditLog(user)).toMatchObject([
      { action: 'quota.reset', actor: account, actorKind: 'machine', origin: `${account}@${hostname()}`, ticket: 'T-7' },
    ])
    expect((await ledgerOf(user))[0]).toMatchObject({ kind: 'reset', actor: `${account}@${hostname()}`, reason })

    await admin(server.dataFolder, 'quota', 'undo', 'nok', ...because)
    await stream.expectNext('quota.changed')
    expect((await user.quota()).usage.videos_count).toBe(1)
    const { version } = await cardOf(user, 'nok')
    await admin(server.dataFolder, 'quota', 'grant', 'nok', ...because, '--videos', '3', '--until', '2d')
    await stream.expectNext('quota.changed')
    expect((await user.quota()).limits.maxVideos).toBe(13)
    const late = await admin(server.dataFolder, 'quota', 'reset', 'nok', ...because, '--expect', String(version))
    expect([late.code, late.errors]).toEqual([3, expect.stringContaining(`It was changed meanwhile by ${account} at `)])

    await admin(server.dataFolder, 'quota', 'set', 'nok', ...because, '--minutes', 'none', '--file-mb', '1.5')
    expect((await user.quota()).limits).toEqual({ maxVideos: 13, maxDurationMinutes: null, maxFileSizeMB: 1.5 })
    const explained = await admin(server.dataFolder, 'quota', 'explain', 'nok', '--size', '1600000')
    expect(explained).toMatchObject({ code: 1, rows: { fits: false, smallestChange: { maxFileSizeBytes: 1_600_000 } } })
    expect((await admin(server.dataFolder, 'quota', 'explain', 'nok', '--size', '1500000')).code).toBe(0)
    expect((await admin(server.dataFolder, 'audit', '--user', 'nok')).rows).toEqual(await auditLog(user, 'user=nok'))
    expect((await admin(server.dataFolder, 'check')).rows).toEqual([])
  })

  it('works while no backend runs, with the limits that the backend gives to new users', async () => {
    await using server = await startTestBackend({ limits: { maxVideos: 3, maxDurationMs: null, maxFileSizeBytes: null } })
    await server.signUp('nok')
    await server.backend[Symbol.asyncDispose]()
    const { rows } = await admin(server.dataFolder, 'quota', 'grant', 'nok', ...because, '--videos', '1')
    expect(rows).toMatchObject({ before: { maxVideos: 3 }, after: { maxVideos: 4 } })
  })

  it('applies a file of limits whole, or names its broken line and applies nothing', async () => {
    await using server = await startTestBackend()
    const nok = await server.signUp('nok')
    const lek = await server.signUp('lek')
    const set = (csv: string) => runAdmin(['--data-dir', server.dataFolder, 'quota', 'set', '--csv', '-', ...because], csv)
    const header = 'username,maxVideos,maxDurationMinutes\n'
    for (const [csv, says] of [
      [`${header}nok,50,\nlek,fifty,\n`, 'Line 3: maxVideos is a number or none, not fifty'],
      [`${header}nok,50,\nlek,-1,\n`, 'Line 3: maxVideos'],
      [`${header}nok,50,\nlek,50\n`, 'Line 3: it must have 3 values'],
      [`${header}nok,50,\n"lek,50,\n`, 'Line 3: it must have 3 values'],
      [`${header}nok,50,\nnok,60,\n`, 'Line 3: nok is in line 2 already'],
      [`${header}nok,50,\nlek,,\n`, 'Line 3: it changes nothing'],
      ['nok,50,60\n', 'Line 1: it must name the columns'],
      ['', 'Line 1: it must name the columns'],
    ] as const) {
      const { code, errors } = await set(csv)
      expect([code, errors]).toEqual([2, expect.stringContaining(says)])
    }
    const unknown = await set(`${header}nok,50,\nnobody,50,\n`)
    expect([unknown.code, unknown.errors]).toEqual([2, 'Line 3: There is no user nobody. Nothing was changed.\n'])
    const beside = await admin(server.dataFolder, 'quota', 'set', '--csv', '-', '--videos', '7', ...because)
    expect([beside.code, beside.errors]).toEqual([2, expect.stringContaining('--csv says all limits itself')])
    expect((await nok.quota()).limits.maxVideos).toBe(10)
    expect(await auditLog(nok)).toEqual([])

    expect((await set(`\u{FEFF}${header}"nok",50,none\r\n\r\n LEK , ,7.5\r\n`)).code).toBe(0)
    expect((await nok.quota()).limits).toMatchObject({ maxVideos: 50, maxDurationMinutes: null })
    expect((await lek.quota()).limits).toMatchObject({ maxVideos: 10, maxDurationMinutes: 7.5 })
  })

  it('helps at each level, and refuses what it does not know', async () => {
    await using server = await startTestBackend()
    await server.signUp('nok')
    for (const [args, says] of [
      [['--help'], 'Exit codes:'],
      [['quota', '--help'], 'explain'],
      [['quota', 'grant', '--help'], '--until <time>'],
    ] as const) {
      const { code, output } = await runAdmin(args)
      expect([code, output]).toEqual([0, expect.stringContaining(says)])
    }
    for (const [args, says] of [
      [['quota', 'explain', 'nok', '--size', '-5'], '--size: '],
      [['quota', 'grant', 'nok', ...because], 'say --videos, --minutes or both\n'],
      [['quota', 'grant', 'nok', ...because, '--videos', '-5'], '--videos: '],
      [['users', 'role', 'nok', 'king', ...because], 'user, staff'],
    ] as const) {
      const { code, errors } = await admin(server.dataFolder, ...args)
      expect([code, errors]).toEqual([2, expect.stringContaining(says)])
      expect(errors).not.toMatch(/^:/)
    }
    for (const args of [
      ['users', 'eat'],
      ['quota', 'reset', 'nok'],
      ['quota', 'reset', 'nok', '--reason', 'short'],
      ['quota', 'reset', 'nok', ...because, '--what', 'all'],
      ['quota', 'grant', 'nok', ...because, '--videos', '1', '--until', 'friday'],
      ['quota', 'grant', 'nok', ...because, '--videos', '1.5'],
      ['quota', 'explain', 'nok', '--size', 'big'],
      ['users', 'list', '--dance'],
    ]) {
      expect([args, (await admin(server.dataFolder, ...args)).code]).toEqual([args, 2])
    }
    expect((await runAdmin(['users', 'list'])).code).toBe(2)
    expect(await admin(server.dataFolder, 'quota', 'show', 'nobody')).toMatchObject({
      code: 3,
      errors: 'Not found: There is no user nobody.\n',
    })
    const token = await admin(server.dataFolder, 'tokens', 'revoke', 'nightly', ...because)
    expect([token.code, token.errors]).toEqual([3, 'Not found: There is no API token nightly; see `tokens list`.\n'])
    expect((await admin('/nonexistent', 'users', 'list')).code).toBe(4)
  })

  it.each(['bash', 'zsh'])('completes commands and their options in %s', async (shell) => {
    const { code, output } = await runAdmin(['completion', shell])
    expect(code).toBe(0)
    // What zsh adds only loads what bash has by itself, and what that is built on where nobody has loaded it.
    const script = output.replace(/^autoload .*\n.*compinit; bashcompinit\n/, '')
    expect(script === output).toBe(shell === 'bash')
    const typed = (words: string): string[] => {
      const run = `${script}
        COMP_WORDS=(reelport-admin ${words}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _reelport_admin
        printf '%s\\n' "\${COMPREPLY[@]}"`
      return execFileSync('bash', ['-c', run], { encoding: 'utf8' }).trim().split('\n')
    }
    expect(typed('qu')).toEqual(['quota'])
    expect(typed('--data-dir /x quota re')).toEqual(['reset'])
    expect(typed(`quota reset nok --re`)).toEqual(['--reason'])
    expect(typed('check --rep')).toEqual(['--repair'])
    expect(typed('quota reset nok --what v')).toEqual(['videos'])
    expect(typed('completion z')).toEqual(['zsh'])
    expect(typed(`backup ${import.meta.filename.slice(0, -3)}`)).toEqual([import.meta.filename])
    expect((await runAdmin(['completion', 'fish'])).code).toBe(2)
  })

  it('refuses a newer, a damaged and a foreign database, and changes nothing', async () => {
    await using server = await startTestBackend()
    await server.signUp('nok')
    await server.backend[Symbol.asyncDispose]()
    const original = join(server.dataFolder, 'reelport.sqlite')
    using folder = temporaryFolder()
    for (const [name, spoil, says] of [
      ['newer', raiseSchema, 'newer version (schema 9999'],
      ['damaged', (path: string) => writeFileSync(path, Buffer.alloc(20_000, 7), { flag: 'r+' }), 'cannot be'],
      ['foreign', (path: string) => writeFileSync(path, 'a letter to grandmother'), 'cannot be'],
    ] as const) {
      const path = join(folder.path, name)
      mkdirSync(path)
      const file = join(path, 'reelport.sqlite')
      copyFileSync(original, file)
      spoil(file)
      const before = readFileSync(file)
      const { code, errors } = await admin(path, 'quota', 'reset', 'nok', ...because)
      expect([name, code, errors]).toEqual([name, 4, expect.stringContaining(says)])
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  })
})
