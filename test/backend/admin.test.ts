import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startTestBackend } from '../support/backend'
import { created, uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'

const program = join(import.meta.dirname, '..', '..', 'out', 'main', 'admin.js')

function admin(
  dataDir: string,
  ...args: readonly string[]
): { readonly code: number | null; readonly rows: unknown; readonly errors: string } {
  if (!existsSync(program)) throw new Error('The programs are not built: run `npm run build` first.')
  const done = spawnSync(process.execPath, [program, '--data-dir', dataDir, ...args, '--json'], { encoding: 'utf8' })
  return { code: done.status, rows: done.stdout === '' ? null : JSON.parse(done.stdout), errors: done.stderr }
}

describe('the command line on the backend’s machine', () => {
  it('shows users and quotas, and checks everything, while the backend runs', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('nok')
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    await created(user, { sizeBytes: 5 })
    expect(admin(server.dataFolder, 'users', 'list').rows).toMatchObject([
      { username: 'nok', role: 'staff', disabled: 'no' },
    ])
    expect(admin(server.dataFolder, 'quota', 'show', 'nok').rows).toMatchObject([
      { what: 'videos', used: 1, reserved: 1, limit: 10, stored: 1 },
      { what: 'seconds', used: 3, reserved: 0, limit: 600, stored: 3 },
    ])
    expect(admin(server.dataFolder, 'check')).toMatchObject({ code: 0, rows: [] })
  })

  it('names a file whose bytes have changed, and says so with its exit code', async () => {
    await using server = await startTestBackend()
    await uploadFile(await server.signUp('nok'), await makeVideo({ name: 'a.mp4', seconds: 3 }))
    const videos = join(server.dataFolder, 'videos')
    const [name = ''] = readdirSync(videos)
    writeFileSync(join(videos, name), 'x', { flag: 'r+' })
    expect(admin(server.dataFolder, 'check')).toMatchObject({
      code: 1,
      rows: [{ area: 'files', subject: name, detail: 'the digest differs' }],
    })
  })

  it('refuses what it does not know, and a folder without data', async () => {
    await using server = await startTestBackend()
    expect(admin(server.dataFolder, 'users', 'eat').code).toBe(2)
    expect(admin(server.dataFolder, 'quota', 'show', 'nobody').errors).toContain('no user nobody')
    expect(admin('/nonexistent', 'users', 'list').code).toBe(2)
  })
})
