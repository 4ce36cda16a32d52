import { dirname } from 'node:path'
import type { BlobDisk, BlobFile } from '../../backend/blobs/blob-disk'
import { FileBytes, joined } from './content'
import type { Owner, Scheduler } from './scheduler'
import type { Stream } from './streams'

type ByteOperation =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly sizeBytes: number }

/** A file, under whatever names. */
class Inode {
  /** As programs see it. */
  readonly cached = new FileBytes()
  /** As a power cut leaves it, and what may or may not have reached it. */
  durable = new FileBytes()
  unsynced: ByteOperation[] = []
  writer: object | null = null

  apply(operation: ByteOperation): void {
    applyTo(this.cached, operation)
    this.unsynced.push(operation)
  }
}

function applyTo(bytes: FileBytes, operation: ByteOperation): void {
  if (operation.kind === 'write') bytes.write(operation.position, operation.bytes)
  else bytes.truncate(operation.sizeBytes)
}

/** A name that came, went or moved. A move is one step: after a power cut the file has the old name or the new one. */
type NameOperation = { readonly path: string; readonly inode: Inode | null; readonly from: string | null }

export type DiskFault = 'write-full' | 'write-error' | 'short-write' | 'flush-error' | 'read-error'

export class InjectedError extends Error {
  constructor(readonly code: 'ENOSPC' | 'EIO') {
    super(`${code}, injected`)
  }
}

type Parts = {
  readonly scheduler: Scheduler
  readonly stream: Stream
  onFault(fault: DiskFault): void
  onTwoWriters(path: string): void
}

/** The disk of one machine. It outlives the processes that use it. */
export class SimDisk {
  readonly armed: DiskFault[] = []
  isFull = false
  /** Multiplies how long everything takes. */
  slowness = 1
  #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  #unsyncedNames: NameOperation[] = []

  constructor(private readonly parts: Parts) {}

  /** What programs see under a name. */
  look(path: string): FileBytes | null {
    return this.#names.get(path)?.cached ?? null
  }

  /** What would be there under a name after a power cut in this moment, at the least. */
  lookDurable(path: string): FileBytes | null {
    return this.#durableNames.get(path)?.durable ?? null
  }

  paths(folder: string): string[] {
    return [...this.#names.keys()].filter((path) => dirname(path) === folder)
  }

  /** The power goes: what was not flushed is lost, or kept, or torn. */
  cutPower(): void {
    const { stream } = this.parts
    const folders = new Set(this.#unsyncedNames.map(({ path }) => dirname(path)))
    for (const folder of folders) {
      const inFolder = this.#unsyncedNames.filter(({ path }) => dirname(path) === folder)
      for (const operation of inFolder.slice(0, stream.between(0, inFolder.length))) this.#applyName(operation)
    }
    this.#unsyncedNames = []
    for (const inode of new Set([...this.#names.values(), ...this.#durableNames.values()])) {
      for (const operation of survivors(inode.unsynced, stream)) applyTo(inode.durable, operation)
      inode.unsynced = []
      inode.writer = null
      inode.cached.truncate(0)
      for (const { start, bytes } of inode.durable.pieces(0, inode.durable.sizeBytes)) {
        if (bytes !== null) inode.cached.write(start, bytes)
      }
      inode.cached.sizeBytes = inode.durable.sizeBytes
    }
    this.#names = new Map(this.#durableNames)
  }

  /** The process is killed: the system keeps what was written, and flushes it when it likes. */
  forgetWriters(): void {
    for (const inode of this.#names.values()) inode.writer = null
  }

  /** A file goes, as when somebody deletes it. */
  lose(path: string): void {
    this.#names.delete(path)
    this.#durableNames.delete(path)
  }

  /** Storage turns one bit round, in the cache as well. */
  flip(path: string, position: number): void {
    const inode = this.#names.get(path)
    inode?.cached.flip(position)
    inode?.durable.flip(position)
  }

  /** The disk as one process sees it. */
  of(owner: Owner): BlobDisk {
    const { scheduler, stream } = this.parts
    const take = (longestMs: number, label: string): Promise<void> =>
      scheduler.wait(owner, stream.next() * longestMs * this.slowness, label)
    const sometimesTake = async (label: string): Promise<void> => {
      if (stream.chance(0.15 * this.slowness)) await take(2, label)
    }
    return {
      makeFolder: () => Promise.resolve(),
      open: async (path, how) => {
        await sometimesTake('disk.open')
        const known = this.#names.get(path)
        if (how === 'existing' && known === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
        if (known !== undefined) {
          if (how === 'new') known.apply({ kind: 'truncate', sizeBytes: 0 })
          return this.#fileOf(known, path, { take, sometimesTake })
        }
        const inode = new Inode()
        this.#rename({ path, inode, from: null })
        return this.#fileOf(inode, path, { take, sometimesTake })
      },
      flushFile: async (path) => {
        const inode = this.#names.get(path)
        if (inode === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
        await this.#flush(inode, take)
      },
      flushFolder: async (path) => {
        await take(3, 'disk.flush-folder')
        const isIn = (operation: NameOperation): boolean => dirname(operation.path) === path
        for (const operation of this.#unsyncedNames.filter(isIn)) this.#applyName(operation)
        this.#unsyncedNames = this.#unsyncedNames.filter((operation) => !isIn(operation))
      },
      rename: async (from, to) => {
        await sometimesTake('disk.rename')
        const inode = this.#names.get(from)
        if (inode === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
        this.#names.delete(from)
        this.#rename({ path: to, inode, from })
      },
      remove: async (path) => {
        await sometimesTake('disk.remove')
        if (!this.#names.delete(path)) return
        this.#unsyncedNames.push({ path, inode: null, from: null })
      },
      sizeOf: async (path) => {
        await sometimesTake('disk.size')
        return this.#names.get(path)?.cached.sizeBytes ?? null
      },
      list: async (folder) => {
        await sometimesTake('disk.list')
        return this.paths(folder).map((path) => path.slice(folder.length + 1))
      },
      freeBytes: () => Promise.resolve(this.isFull ? 0 : Number.MAX_SAFE_INTEGER),
    }
  }

  /** @throws InjectedError where a read is to fail */
  read(path: string): FileBytes | null {
    if (this.#isDue('read-error')) throw new InjectedError('EIO')
    return this.look(path)
  }

  #rename(operation: NameOperation): void {
    if (operation.inode !== null) this.#names.set(operation.path, operation.inode)
    this.#unsyncedNames.push(operation)
  }

  #applyName({ path, inode, from }: NameOperation): void {
    if (from !== null && this.#durableNames.get(from) === inode) this.#durableNames.delete(from)
    if (inode === null) this.#durableNames.delete(path)
    else this.#durableNames.set(path, inode)
  }

  #isDue(fault: DiskFault): boolean {
    const at = this.armed.indexOf(fault)
    if (at === -1) return false
    this.armed.splice(at, 1)
    this.parts.onFault(fault)
    return true
  }

  #fileOf(
    inode: Inode,
    path: string,
    {
      take,
      sometimesTake,
    }: Record<'sometimesTake', (label: string) => Promise<void>> & {
      take(longestMs: number, label: string): Promise<void>
    },
  ): BlobFile {
    const handle = {}
    return {
      writev: async (chunks, position) => {
        if (inode.writer !== null && inode.writer !== handle) this.parts.onTwoWriters(path)
        inode.writer = handle
        await take(1, 'disk.write')
        if (this.isFull || this.#isDue('write-full')) throw new InjectedError('ENOSPC')
        if (this.#isDue('write-error')) throw new InjectedError('EIO')
        let all = joined(chunks)
        if (all.length > 1 && this.#isDue('short-write')) all = all.subarray(0, Math.ceil(all.length / 3))
        inode.apply({ kind: 'write', position, bytes: all })
        return all.length
      },
      datasync: () => this.#flush(inode, take),
      truncate: async (sizeBytes) => {
        await sometimesTake('disk.truncate')
        inode.apply({ kind: 'truncate', sizeBytes })
      },
      [Symbol.asyncDispose]: async () => {
        await sometimesTake('disk.close')
        if (inode.writer === handle) inode.writer = null
      },
    }
  }

  async #flush(inode: Inode, take: (longestMs: number, label: string) => Promise<void>): Promise<void> {
    const count = inode.unsynced.length
    await take(6, 'disk.flush')
    const flushed = inode.unsynced.splice(0, count)
    // The system drops the pages that it could not write, and says so once.
    if (this.#isDue('flush-error')) throw new InjectedError('EIO')
    for (const operation of flushed) applyTo(inode.durable, operation)
  }
}

/** A legal remainder of what was not flushed: none of it, a part from the beginning, or any pages, the last one torn. */
function survivors(operations: readonly ByteOperation[], stream: Stream): ByteOperation[] {
  const fate = stream.between(0, 2)
  if (operations.length === 0 || fate === 0) return []
  if (fate === 1) return operations.slice(0, stream.between(0, operations.length))
  return operations.flatMap((operation): ByteOperation[] => {
    if (operation.kind === 'truncate') return [operation]
    return survivingPages(operation.position, operation.bytes, stream)
  })
}

const pageBytes = 4096
const sectorBytes = 512

function survivingPages(position: number, bytes: Buffer, stream: Stream): ByteOperation[] {
  // Of a large write a few runs of pages are enough; each is as legal as any other choice.
  const runs = Math.min(4, Math.ceil(bytes.length / pageBytes))
  const kept: ByteOperation[] = []
  for (let run = 0; run < runs; run += 1) {
    const from = Math.floor((bytes.length * run) / runs / pageBytes) * pageBytes
    const to = Math.min(bytes.length, Math.ceil((bytes.length * (run + 1)) / runs / pageBytes) * pageBytes)
    if (from >= to || stream.chance(0.5)) continue
    const isTorn = stream.chance(0.3)
    const end = isTorn ? from + Math.floor((stream.next() * (to - from)) / sectorBytes) * sectorBytes : to
    kept.push({ kind: 'write', position: position + from, bytes: bytes.subarray(from, end) })
  }
  return kept
}
