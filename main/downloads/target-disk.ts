import type { IfExists } from '../../contract/transfers'
import type { RunningHash } from '../transfers/running-hash'

/** The file that a download fills: `path.part`, open from the look at it to the moment it gets its name. */
export type OpenPart = AsyncDisposable & {
  /** Not '': by this a transfer knows that the file is its own. */
  readonly mark: string
  /** Where to go on: what was asked for, or less where the file is shorter. Nothing is behind it. */
  readonly offsetBytes: number
  /** Writes all of it, or throws. @throws AppError `local-disk-full`, `folder-missing`, `folder-unwritable` */
  write(chunks: readonly Uint8Array[], positionBytes: number): Promise<void>
  /** Answers when all that was written is on the disk. @throws as `write` */
  flush(): Promise<void>
  truncate(sizeBytes: number): Promise<void>
  startHash(): RunningHash
  /**
   * Gives the file its name, durably, and never over another one unless `ifExists` is `replace`.
   * @returns the path, which is another one where `keep-both` had to find a free name
   * @throws AppError `file-exists` with `skip`; as `write`
   */
  place(ifExists: IfExists): Promise<string>
}

/** What one download is on the disk. */
export type Target = {
  /** Where the file is to be. */
  readonly path: string
  /** Of the video; other names for the file are made of it. */
  readonly name: string
  readonly sizeBytes: number
}

/** The folders that people download to, as the engine sees them. */
export type TargetDisk = {
  /** True for anything of that name: a link without an end is something as well. */
  exists(path: string): Promise<boolean>
  /** What a file in the folder of this path may still take. @throws AppError `folder-missing`, `folder-unwritable` */
  freeBytes(path: string): Promise<number>
  /**
   * Opens the `.part` and cuts it to where the transfer goes on.
   * @param known.mark '' where this transfer has not made one yet: a file that is there then is somebody else's
   * @returns null where there should be bytes, and no file is
   * @throws AppError `file-exists` where somebody else's is in the way; as `OpenPart.write`
   */
  open(target: Target, known: { readonly mark: string; readonly offsetBytes: number }): Promise<OpenPart | null>
  /** A whole file that an earlier try placed without living to note it. */
  findPlaced(target: Target, expected: { readonly sha256: string; readonly ifExists: IfExists }): Promise<string | null>
  /** Removes the `.part`. */
  discard(path: string): Promise<void>
}
