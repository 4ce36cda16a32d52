import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TransferId } from '../../../contract/ids'
import type { Transfer } from '../../../contract/transfers'
import { forkProgram } from '../../../main/browser/fork-program'
import type { ChildProgram } from '../../../main/host'
import { createTransfers, type Transfers } from '../../../main/transfers/transfers'
import { createSourceHandles, type SourceFile } from '../../../main/uploads/source-handles'
import { startFaultProxy } from '../../support/fault-proxy'
import { memoryLog } from '../../support/memory-log'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram, programDir } from '../../support/transfers-backend'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sizeBytes = 32 * mebibyte
/** Slow enough that the buffers of the two sockets on the way, which no program sees, hold little. */
const paceBytesPerSecond = 20 * mebibyte

/** Main's side over the built transfer process; `child` is the one that runs now. */
function startTransfers(
  folder: string,
  backend: BackendProgram,
  origin: string,
  onToken: (token: string) => void = () => undefined,
) {
  const { log, lines } = memoryLog()
  const children: ChildProgram[] = []
  const transfers = createTransfers({
    forkProgram(path, options) {
      const child = forkProgram(path, options)
      children.push(child)
      return child
    },
    programDir,
    dataDir: join(folder, 'desktop'),
    spoolDir: join(folder, 'desktop', 'spool'),
    settings: { simultaneousUploads: 1, uploadLimitBytesPerSecond: null },
    async requestTempToken(use) {
      const token = await backend.requestTempToken(use)
      onToken(token.tempToken)
      return token
    },
    findTwin: (sought) => backend.findTwin(sought),
    acceptHeldUpload: (uploadId) => backend.acceptHeldUpload(uploadId),
    log,
    now: () => new Date(),
  })
  transfers.setAccount(backend.userId)
  transfers.setBackend({ origin })
  return { transfers, lines, children, killChild: () => children.at(-1)?.kill('SIGKILL') }
}

async function chosen(path: string): Promise<SourceFile[]> {
  const sources = createSourceHandles({ spoolDir: '/nowhere' })
  const handles = await sources.fromPaths([path])
  return handles.flatMap((handle) => sources.get(handle) ?? [])
}

function until(transfers: Transfers, id: TransferId, isReached: (transfer: Transfer) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = transfers.items().items.find((transfer) => transfer.id === id)
      if (found === undefined || !isReached(found)) return
      end()
      resolve()
    }
    const end = transfers.onChange(look)
    look()
  })
}

async function add(transfers: Transfers, path: string): Promise<TransferId> {
  const [id] = await transfers.add(await chosen(path))
  if (id === undefined) throw new Error('Nothing was added')
  return id
}

const isDone = ({ status }: Transfer): boolean => status.kind === 'done'

describe('the transfer process', () => {
  it('is started again when it is killed, and goes on from the server’s offset', async () => {
    using folder = temporaryFolder()
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    await using proxy = await startFaultProxy(() => backend.port)
    const { transfers, children, killChild, lines } = startTransfers(folder.path, backend, proxy.origin)
    await using _ = transfers
    transfers.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: paceBytesPerSecond })
    const id = await add(transfers, await paddedVideo({ name: 'killed.mp4', sizeBytes }))
    await proxy.whenSent(20 * mebibyte)
    killChild()
    await until(transfers, id, isDone)
    expect(children).toHaveLength(2)
    expect(lines).toContainEqual(expect.stringContaining('transfers.process-ended'))
    expect(proxy.bodyBytes() - sizeBytes).toBeLessThanOrEqual(16 * mebibyte)
    expect(proxy.requests.filter((line) => line === 'POST /uploads')).toHaveLength(1)
    expect(await backend.videos()).toMatchObject([{ filename: 'killed.mp4', sizeBytes }])
  })

  it('takes up again what the app left when it was closed', async () => {
    using folder = temporaryFolder()
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    await using proxy = await startFaultProxy(() => backend.port)
    const first = startTransfers(folder.path, backend, proxy.origin)
    first.transfers.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: paceBytesPerSecond })
    const id = await add(first.transfers, await paddedVideo({ name: 'closed.mp4', sizeBytes }))
    await proxy.whenSent(20 * mebibyte)
    await first.transfers[Symbol.asyncDispose]()
    const second = startTransfers(folder.path, backend, proxy.origin)
    await using _ = second.transfers
    await until(second.transfers, id, isDone)
    expect(proxy.bodyBytes() - sizeBytes).toBeLessThanOrEqual(16 * mebibyte)
    expect(await backend.videos()).toMatchObject([{ filename: 'closed.mp4', sizeBytes }])
  })

  it('loses nothing when the backend is killed half-way', async () => {
    using folder = temporaryFolder()
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    await using proxy = await startFaultProxy(() => backend.port)
    const { transfers } = startTransfers(folder.path, backend, proxy.origin)
    await using _ = transfers
    transfers.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: paceBytesPerSecond })
    const id = await add(transfers, await paddedVideo({ name: 'crashed.mp4', sizeBytes }))
    await proxy.whenSent(20 * mebibyte)
    await backend.kill('SIGKILL')
    transfers.setBackend(null)
    await until(transfers, id, ({ status }) => status.kind === 'waiting-for-network')
    await backend.startAgain()
    transfers.setBackend({ origin: proxy.origin })
    await until(transfers, id, isDone)
    expect(proxy.bodyBytes() - sizeBytes).toBeLessThanOrEqual(16 * mebibyte)
    expect(proxy.requests.filter((line) => line === 'POST /uploads')).toHaveLength(1)
    expect(await backend.videos()).toMatchObject([{ filename: 'crashed.mp4', sizeBytes }])
  })

  it('answers what it was asked while it was down', async () => {
    using folder = temporaryFolder()
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    const { transfers, killChild } = startTransfers(folder.path, backend, backend.origin)
    await using _ = transfers
    killChild()
    const path = await paddedVideo({ name: 'asked.mp4', sizeBytes: 5 * mebibyte })
    const id = await add(transfers, path)
    await until(transfers, id, isDone)
    expect(await transfers.pathOf(id)).toBe(path)
    await transfers.remove([id])
    await expect.poll(() => transfers.items().items).toEqual([])
    expect(await transfers.pathOf(id)).toBeNull()
  })

  it('keeps no token outside of its memory', async () => {
    using folder = temporaryFolder()
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    const tokens: string[] = []
    const { transfers, lines } = startTransfers(folder.path, backend, backend.origin, (token) => tokens.push(token))
    await using _ = transfers
    const id = await add(transfers, await paddedVideo({ name: 'asked.mp4', sizeBytes: 5 * mebibyte }))
    await until(transfers, id, isDone)
    expect(tokens).toHaveLength(1)
    const desktop = join(folder.path, 'desktop')
    const written = readdirSync(desktop, { withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(desktop, file.name), 'latin1'))
    expect(written.length).toBeGreaterThan(0)
    for (const token of tokens) expect([...written, ...lines].filter((text) => text.includes(token))).toEqual([])
  })

  it('says in words that nobody is signed in', async () => {
    using folder = temporaryFolder()
    await using backend = await BackendProgram.start(join(folder.path, 'backend'))
    const { transfers } = startTransfers(folder.path, backend, backend.origin)
    await using _ = transfers
    transfers.setAccount(null)
    const path = await paddedVideo({ name: 'asked.mp4', sizeBytes: 5 * mebibyte })
    await expect(add(transfers, path)).rejects.toMatchObject({ failure: { code: 'signed-out' } })
  })
})
