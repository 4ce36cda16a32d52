import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startTestBackend } from '../support/backend'
import { created, patch, stateOf, tus } from '../support/tus'
import { temporaryFolder } from '../support/temporary-folder'
import { paddedVideo } from '../support/videos'

const mebibyte = 1024 * 1024

/** A disk of its own that is really full at its size. Needs root, as the tests of a container have it. */
function smallDisk(path: string, sizeMebibytes: number): Disposable {
  mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMebibytes}m`, 'tmpfs', path])
  return { [Symbol.dispose]: () => execFileSync('umount', ['-l', path]) }
}

const isRoot = process.getuid?.() === 0

describe.runIf(isRoot)('a full disk', () => {
  it.each([
    ['found out by writing', 0],
    ['seen coming', 8 * mebibyte],
  ])('is told as 507, and the upload goes on when there is room: %s', async (_, diskReserveBytes) => {
    using folder = temporaryFolder()
    const disk = join(folder.path, 'disk')
    using _disk = smallDisk(disk, 64)
    await using server = await startTestBackend({ dataFolder: join(disk, 'data'), diskReserveBytes })
    const user = await server.signUp()
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(30 * mebibyte))
    const file = await readFile(await paddedVideo({ name: 'full.mp4', sizeBytes: 50 * mebibyte }))
    const location = await created(user, { sizeBytes: file.length })

    const full = await patch(user, location, 0, file)
    expect([full.status, full.problem().code]).toEqual([507, 'disk_full'])
    const kept = Number(full.headers.get('upload-offset'))
    expect((await user.send('HEAD', location, { headers: tus })).headers.get('upload-offset')).toBe(String(kept))
    expect(await stateOf(user, location)).toMatchObject({ state: 'receiving', offsetBytes: kept })

    rmSync(ballast)
    const rest = await patch(user, location, kept, file.subarray(kept))
    expect(rest.status).toBe(204)
    const sha256 = createHash('sha256').update(file).digest('hex')
    expect(await stateOf(user, location)).toMatchObject({ state: 'accepted', sha256 })
  })
})
