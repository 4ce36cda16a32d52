import { AppError, type Failure } from '../../contract/failures'
import type { QuotaAnswer } from '../../contract/quota'
import type { Inspection, Transfer } from '../../contract/transfers'
import type { ForkProgram } from '../host'
import { type Claim, judgeFit, pendingOf } from './fit'
import { sizeOfSendableFile } from './local-files'
import { createMediaProbe, type LocalProbeResult } from './media-probe'
import type { SourceFile } from './source-handles'

export type Inspector = Disposable & {
  /**
   * Looks at files before a byte of them is sent, and says of each whether it fits; also notes what it found in
   * `SourceFile.facts`. Nothing is thrown for a file: whatever is wrong with it is its verdict.
   */
  inspect(
    files: readonly SourceFile[],
    against: { readonly quota: QuotaAnswer | null; readonly queued: readonly Transfer[] },
  ): Promise<Inspection[]>
}

type Look = Claim & { readonly file: SourceFile }

/** An inspector with a media probe of its own. */
export function createInspector(options: { readonly forkProgram: ForkProgram; readonly programDir: string }): Inspector {
  const probe = createMediaProbe(options)

  const look = async (file: SourceFile): Promise<Look> => {
    let sizeBytes = 0
    try {
      sizeBytes = await sizeOfSendableFile(file.path)
      const found = await probe.probe(file.path)
      const durationSeconds = found.kind === 'video' ? found.facts.durationSeconds : null
      file.facts = { durationSeconds, mediaType: found.kind === 'video' ? found.facts.mediaType : null }
      return { file, sizeBytes, durationSeconds, failure: failureOfProbe(found) }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { file, sizeBytes, durationSeconds: null, failure: error.failure }
    }
  }

  return {
    async inspect(files, { quota, queued }) {
      const looks: Look[] = []
      // One by one: the probe takes one file at a time, and a folder of thousands must not open them all at once.
      for (const file of files) looks.push(await look(file))
      const verdicts = judgeFit(looks, quota, pendingOf(queued))
      return looks.map(({ file, sizeBytes, durationSeconds }, index) => ({
        handle: file.handle,
        name: file.name,
        sizeBytes,
        durationSeconds,
        verdict: verdicts[index] ?? { kind: 'length-unknown' },
      }))
    },
    [Symbol.dispose]: () => probe[Symbol.dispose](),
  }
}

/** Refuses what the backend would refuse after the last byte; where the probe has no answer, the backend has. */
function failureOfProbe(found: LocalProbeResult): Failure | null {
  switch (found.kind) {
    case 'video':
      return found.facts.isComplete ? null : { code: 'not-a-video' }
    case 'not-a-video':
      return { code: 'not-a-video' }
    case 'unreadable':
      return { code: 'file-unreadable', detail: found.detail }
    case 'no-answer':
      return null
    default:
      return found satisfies never
  }
}
