import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { builtProgram } from '../support/backend'
import { forkBackend, startBackendProcess } from '../support/backend-process'
import { temporaryFolder } from '../support/temporary-folder'

describe('the backend as a program', () => {
  it('tells its parent that it is ready, and ends when the parent is gone', async () => {
    using folder = temporaryFolder()
    await using backend = await startBackendProcess(folder.path)
    expect((await fetch(`${backend.url}/healthz`)).status).toBe(200)
    const gone = once(backend.child, 'exit')
    backend.child.disconnect()
    expect(await gone).toEqual([0, null])
  })

  it('says one line without a parent, and stops cleanly on SIGTERM', async () => {
    using folder = temporaryFolder()
    const args = [builtProgram('backend.js'), '--data-dir', folder.path, '--port', '0']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const url = /^backend listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line.toString())?.[1]
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  })

  it('explains a wrong command line', async () => {
    for (const args of [
      [],
      ['--data-dir'],
      ['--data-dir', 'x', '--port', 'y'],
      ['--data-dir', 'x', '--host', 'example.org'],
      ['x'],
    ]) {
      const failed = await new Promise<string>((resolve) => {
        execFile(process.execPath, [builtProgram('backend.js'), ...args], (error, _, stderr) =>
          resolve(`${error?.code} ${stderr}`),
        )
      })
      expect(failed).toMatch(/^1 [^\n]+\nusage: backend/)
    }
  })

  it('refuses a data folder that another one uses, until that one is gone, however it went', async () => {
    using folder = temporaryFolder()
    await using first = await startBackendProcess(folder.path)
    expect((await forkBackend(folder.path)).message).toMatchObject({ kind: 'failed', reason: 'database-locked' })
    await first.kill()
    await using second = await startBackendProcess(folder.path)
    expect(second.url).toBeTruthy()
  })

  it('refuses a port that is taken', async () => {
    using folder = temporaryFolder()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    expect((await forkBackend(folder.path, ['--port', String(port)])).message).toMatchObject({ reason: 'port-in-use' })
    server.close()
  })

  it('refuses a folder that is none, a damaged database and a newer one', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'file')
    await writeFile(file, '')
    expect((await forkBackend(file)).message).toMatchObject({ reason: 'data-folder-unusable' })

    const damaged = join(folder.path, 'damaged')
    await mkdir(damaged)
    await writeFile(join(damaged, 'reelport.sqlite'), 'this is no database at all, only a text'.repeat(100))
    expect((await forkBackend(damaged)).message).toMatchObject({ reason: 'database-damaged' })

    const newer = join(folder.path, 'newer')
    await mkdir(newer)
    const database = new DatabaseSync(join(newer, 'reelport.sqlite'))
    database.exec('PRAGMA user_version = 9999')
    database.close()
    expect((await forkBackend(newer)).message).toMatchObject({ reason: 'database-newer' })
  })
})
