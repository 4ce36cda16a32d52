import type { Failure, Reply } from '../contract/failures'
import type { SourceHandle } from '../contract/ids'

/** What the page's host is asked for, one file at a time. */
export type Spooler<PageFile> = {
  spool(file: PageFile, onProgress: (takenBytes: number) => void): Promise<Reply<SourceHandle>>
  /** Copies that nobody is going to add. */
  discard(handles: SourceHandle[]): Promise<unknown>
}

/** The file's own trouble: the others are taken all the same. */
const isOfOneFile = ({ code }: Failure): boolean => code === 'file-unreadable'

/**
 * Copies files to the host's disk, one after the other. A file that cannot be read is left out, which shows in the count of
 * handles; where the host itself is in trouble, what was copied so far is given up and its failure answered.
 */
export async function spoolFiles<PageFile extends { readonly size: number }>(
  files: readonly PageFile[],
  { spool, discard }: Spooler<PageFile>,
  onProgress: (takenBytes: number) => void,
): Promise<Reply<SourceHandle[]>> {
  const handles: SourceHandle[] = []
  let takenBytes = 0
  for (const file of files) {
    const reply = await spool(file, (bytes) => onProgress(takenBytes + bytes))
    if (reply.ok) handles.push(reply.value)
    else if (!isOfOneFile(reply.failure)) {
      if (handles.length > 0) await discard(handles)
      return reply
    }
    takenBytes += file.size
    onProgress(takenBytes)
  }
  return { ok: true, value: handles }
}
