import { createHash } from 'node:crypto'
import { AppError, type Failure } from '../../contract/failures'
import type { OpenSource, SourceDisk, SourceIdentity } from '../../main/uploads/file-source'
import { type ContentId, bytesOf, digestOf, fillContent } from './content'

/** A file on a device: what it holds is a function of its content's number, so its size costs nothing. */
export type SourceFile = {
  readonly contentId: ContentId
  readonly sizeBytes: number
  readonly inode: number
  readonly modified: number
}

type Held = { file: SourceFile; trouble: 'missing' | 'unreadable' | null }

/** The folder of a person's files. */
export class SimSources {
  readonly #held = new Map<string, Held>()
  #inodes = 0

  constructor(private readonly pause: (label: string) => Promise<void>) {}

  put(path: string, contentId: ContentId, sizeBytes: number): void {
    this.#inodes += 1
    this.#held.set(path, { file: { contentId, sizeBytes, inode: this.#inodes, modified: 1 }, trouble: null })
  }

  fileAt(path: string): SourceFile | null {
    return this.#held.get(path)?.file ?? null
  }

  setTrouble(path: string, trouble: 'missing' | 'unreadable' | null): void {
    const held = this.#held.get(path)
    if (held !== undefined) held.trouble = trouble
  }

  /** Another file takes its place, as editors do it: who has the old one open goes on reading that. */
  replace(path: string, contentId: ContentId): void {
    const held = this.#held.get(path)
    if (held !== undefined) this.put(path, contentId, held.file.sizeBytes)
  }

  /** The file itself is written to: who reads it reads a mixture. */
  modify(path: string, contentId: ContentId): void {
    const held = this.#held.get(path)
    if (held !== undefined) held.file = { ...held.file, contentId, modified: held.file.modified + 1 }
  }

  /** The disk as the engine of a device sees it. */
  disk(): SourceDisk {
    return {
      identify: async (path) => {
        await this.pause('source.identify')
        return identityOf(this.#find(path).file)
      },
      open: async (path, expected) => {
        await this.pause('source.open')
        const held = this.#find(path)
        if (!isSame(identityOf(held.file), expected)) throw new AppError({ code: 'file-changed' })
        const sampledDigest = sampledDigestOf(held.file)
        if (expected.sampledDigest !== null && expected.sampledDigest !== sampledDigest) {
          throw new AppError({ code: 'file-changed' })
        }
        return this.#open(held, sampledDigest)
      },
      removeSpooled: () => Promise.resolve(),
    }
  }

  #find(path: string): Held {
    const held = this.#held.get(path)
    const failure = held === undefined ? ({ code: 'file-missing' } as const) : failureOf(held.trouble)
    if (held === undefined || failure !== null) throw new AppError(failure ?? { code: 'file-missing' })
    return held
  }

  #open(held: Held, sampledDigest: string): OpenSource {
    const opened = held.file
    // What the open descriptor shows: the same inode, with whatever was written into it since.
    const current = (): SourceFile => (held.file.inode === opened.inode ? held.file : opened)
    const assertUnchanged = async (): Promise<void> => {
      await this.pause('source.stat')
      if (current().modified !== opened.modified) throw new AppError({ code: 'file-changed' })
    }
    return {
      sampledDigest,
      assertUnchanged,
      read: async (buffer, positionBytes) => {
        await this.pause('source.read')
        if (held.trouble === 'unreadable') throw new AppError({ code: 'file-unreadable', detail: 'EIO' })
        const { contentId, sizeBytes } = current()
        const length = Math.min(buffer.length, sizeBytes - positionBytes)
        if (length <= 0) throw new AppError({ code: 'file-changed' })
        fillContent(contentId, positionBytes, buffer.subarray(0, length))
        return length
      },
      readWhole: async () => {
        await this.pause('source.read')
        if (held.trouble === 'unreadable') throw new AppError({ code: 'file-unreadable', detail: 'EIO' })
        const { contentId, sizeBytes } = current()
        await assertUnchanged()
        return { bytes: bytesOf(contentId, 0, sizeBytes), sha256: digestOf(contentId, sizeBytes) }
      },
      startHash: () => ({
        allow: () => undefined,
        digest: this.pause('source.hash').then(() => {
          const { contentId, sizeBytes } = current()
          return digestOf(contentId, sizeBytes)
        }),
      }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }
}

function failureOf(trouble: Held['trouble']): Failure | null {
  if (trouble === null) return null
  return trouble === 'missing' ? { code: 'file-missing' } : { code: 'file-unreadable', detail: 'EIO' }
}

function identityOf({ sizeBytes, inode, modified }: SourceFile): SourceIdentity {
  return { sizeBytes, inode: String(inode), modifiedAtNs: String(modified) }
}

function isSame(a: SourceIdentity, b: SourceIdentity): boolean {
  return a.sizeBytes === b.sizeBytes && a.modifiedAtNs === b.modifiedAtNs && a.inode === b.inode
}

function sampledDigestOf({ contentId, sizeBytes }: SourceFile): string {
  return createHash('sha256').update(`${contentId}:${sizeBytes}`).digest('hex')
}
