import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { AppAlreadyRunning, lockDataFolder } from '../../main/app-lock'
import { temporaryFolder } from '../support/temporary-folder'

const holder = `
  const { DatabaseSync } = require('node:sqlite')
  const database = new DatabaseSync(process.argv[1])
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  console.log('locked')
  setInterval(() => database.isOpen, 1000)
`

describe('the lock of a data folder', () => {
  it('lets one app in, and the next one as soon as the first was killed', async () => {
    using folder = temporaryFolder()
    const first = spawn(process.execPath, ['-e', holder, `${folder.path}/app.lock`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(first.stdout, 'data')
    expect(() => lockDataFolder(folder.path)).toThrow(AppAlreadyRunning)
    const exit = once(first, 'exit')
    first.kill('SIGKILL')
    await exit
    using lock = lockDataFolder(folder.path)
    expect(lock).toBeDefined()
  })
})
