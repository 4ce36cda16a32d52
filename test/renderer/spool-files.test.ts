import { describe, expect, it } from 'vitest'
import type { Failure, Reply } from '../../contract/failures'
import { type SourceHandle, sourceHandleSchema } from '../../contract/ids'
import { spoolFiles } from '../../preload/spool-files'

type PageFile = { readonly size: number; readonly failure?: Failure }

const handle = (number: number): SourceHandle => sourceHandleSchema.parse(`handle-${number}`)

async function spoolAll(files: readonly PageFile[]) {
  const discarded: SourceHandle[] = []
  const progress: number[] = []
  let count = 0
  const reply = await spoolFiles(
    files,
    {
      spool: ({ failure }): Promise<Reply<SourceHandle>> =>
        Promise.resolve(failure === undefined ? { ok: true, value: handle(count++) } : { ok: false, failure }),
      discard: (handles) => Promise.resolve(discarded.push(...handles)),
    },
    (takenBytes) => progress.push(takenBytes),
  )
  return { reply, discarded, progress }
}

describe('files that a page hands to its host', () => {
  it('are copied one after the other, without those that cannot be read', async () => {
    const unreadable = { code: 'file-unreadable', detail: '' } as const
    const { reply, discarded, progress } = await spoolAll([{ size: 5 }, { size: 7, failure: unreadable }, { size: 1 }])
    expect(reply).toEqual({ ok: true, value: [handle(0), handle(1)] })
    expect([discarded, progress]).toEqual([[], [5, 12, 13]])
  })

  it('leave no copy behind where the host cannot take them all', async () => {
    const failure = { code: 'local-disk-full', missingBytes: null } as const
    const { reply, discarded } = await spoolAll([{ size: 5 }, { size: 5 }, { size: 7, failure }])
    expect(reply).toEqual({ ok: false, failure })
    expect(discarded).toEqual([handle(0), handle(1)])
  })
})
