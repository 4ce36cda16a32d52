import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BackendStatus } from '../../../contract/desktop'
import { type BackendProcess, restartPauseMs, startBackendProcess } from '../../../main/backend/backend-process'
import { forkProgram } from '../../../main/browser/fork-program'
import { memoryLog } from '../../support/memory-log'
import { temporaryFolder } from '../../support/temporary-folder'

/** A program of a few lines in the place of the backend: what is tested is how its ends are met. */
function start(folder: string, source: string) {
  const programPath = join(folder, 'program.mjs')
  writeFileSync(programPath, source)
  const { log, lines } = memoryLog()
  const statuses: BackendStatus[] = []
  const backend = startBackendProcess({
    programPath,
    dataDir: folder,
    logFile: join(folder, 'backend.log'),
    forkProgram,
    execArgv: [],
    log,
    now: () => new Date(),
  })
  backend.onChange(() => statuses.push(backend.status()))
  return { backend, statuses, lines }
}

function until(backend: BackendProcess, isReached: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isReached()) resolve()
    }
    backend.onChange(look)
    look()
  })
}

describe('the embedded backend', () => {
  it('is started again with its address when it dies', async () => {
    using folder = temporaryFolder()
    const { backend, statuses } = start(
      folder.path,
      `import { existsSync, writeFileSync } from 'node:fs'
       const mark = ${JSON.stringify(join(folder.path, 'died'))}
       process.send({ kind: 'ready', port: existsSync(mark) ? 2222 : 1111 })
       if (!existsSync(mark)) { writeFileSync(mark, ''); process.kill(process.pid, 'SIGKILL') }
       setInterval(() => undefined, 1000)`,
    )
    await until(backend, () => backend.origin() === 'http://127.0.0.1:2222')
    expect(statuses.map(({ kind }) => kind)).toEqual(['ready', 'restarting', 'ready'])
    await backend[Symbol.asyncDispose]()
  })

  it('is a state with its reason, not a loop, when it says that it cannot start', async () => {
    using folder = temporaryFolder()
    const { backend } = start(
      folder.path,
      `process.send({ kind: 'failed', reason: 'database-newer', detail: 'schema 9' }, () => process.exit(1))`,
    )
    await until(backend, () => backend.status().kind === 'failed')
    expect(backend.status()).toEqual({ kind: 'failed', failure: { code: 'backend-not-started', detail: 'database-newer' } })
    backend.retry()
    expect(backend.status()).toEqual({ kind: 'starting' })
    await until(backend, () => backend.status().kind === 'failed')
    await backend[Symbol.asyncDispose]()
  })

  it('is tried again where its process could not even be started', async () => {
    using folder = temporaryFolder()
    const { execPath } = process
    process.execPath = join(folder.path, 'no-node-here')
    try {
      const { backend } = start(folder.path, '')
      await until(backend, () => backend.status().kind === 'restarting')
      await backend[Symbol.asyncDispose]()
    } finally {
      process.execPath = execPath
    }
  })

  it('waits longer after each failure in a row, and never longer than 15 s', () => {
    expect([1, 2, 3, 4, 20].map(restartPauseMs)).toEqual([250, 500, 1000, 2000, 15_000])
  })
})
