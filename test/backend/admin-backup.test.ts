import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { admin } from '../support/admin'
import { startTestBackend } from '../support/backend'
import { idOf, libraryOf, placeVideos } from '../support/backups'
import { temporaryFolder } from '../support/temporary-folder'

it('the whole instance goes into one file while it runs, and comes back without anybody signed in', async () => {
  using folder = temporaryFolder()
  const dataFolder = join(folder.path, 'data')
  const file = join(folder.path, 'instance.zip')
  await using source = await startTestBackend({ dataFolder: join(folder.path, 'source') })
  const user = await source.signUp('whole')
  const ids = await placeVideos(source, await idOf(user), [{ filename: 'a.mp4' }, { filename: 'b.mp4' }])
  const before = await libraryOf(user)
  const made = await admin(source.dataFolder, 'backup', file)
  expect([made.code, made.rows]).toMatchObject([0, { videos: 2 }])
  expect((await admin(source.dataFolder, 'backup', file)).code).toBe(3)
  // What happens afterwards is not in it.
  await user.send('DELETE', `/videos/${ids[0]}`)

  // A backend runs there: nothing is changed under its hands.
  expect((await admin(source.dataFolder, 'restore', file)).code).toBe(3)
  expect((await admin(dataFolder, 'restore', file)).code).toBe(0)
  expect((await admin(dataFolder, 'check')).rows).toEqual([])
  {
    await using restored = await startTestBackend({ dataFolder })
    expect((await restored.send('GET', '/user/me', { token: user.token })).status).toBe(401)
    expect(await libraryOf(await restored.signIn('whole'))).toEqual(before)
  }
  const bytes = readFileSync(file)
  const at = bytes.indexOf(`videos/${ids[1]}.bin`) + 100
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at)
  writeFileSync(file, bytes)
  const refused = await admin(dataFolder, 'restore', file)
  expect([refused.code, refused.errors]).toMatchObject([3, expect.stringContaining(`videos/${ids[1]}.bin`)])
  expect(existsSync(join(dataFolder, 'reelport.sqlite'))).toBe(true)
})
