import { describe, expect, it } from 'vitest'
import { splitBySize } from '../../renderer/uploads/split-by-size'

const quota = { limits: { maxVideos: null, maxDurationMinutes: null, maxFileSizeMB: 500 } }
const file = (name: string, size: number) => ({ name, size })

describe('files that a page could copy to its host', () => {
  it('are let in up to the limit and not a byte beyond it', () => {
    const files = [file('fits.mp4', 500_000_000), file('over.mp4', 500_000_001), file('nothing.mp4', 0)]
    const { taken, untaken } = splitBySize(files, quota)
    expect(taken).toEqual([files[0]])
    expect(untaken.map(({ name, sizeBytes, verdict }) => ({ name, sizeBytes, verdict }))).toEqual([
      {
        name: 'over.mp4',
        sizeBytes: 500_000_001,
        verdict: {
          kind: 'refused',
          failure: { code: 'file-too-large', limitBytes: 500_000_000, requestedBytes: 500_000_001 },
        },
      },
      { name: 'nothing.mp4', sizeBytes: 0, verdict: { kind: 'refused', failure: { code: 'file-empty' } } },
    ])
  })

  it('keep apart where two of one name are refused', () => {
    const { untaken } = splitBySize([file('same.mp4', 0), file('same.mp4', 0)], quota)
    expect(new Set(untaken.map(({ key }) => key)).size).toBe(2)
  })

  it('are all let in where no limit is known, but for empty ones', () => {
    const files = [file('huge.mp4', 10 ** 13), file('nothing.mp4', 0)]
    expect(splitBySize(files, null).taken).toEqual([files[0]])
    expect(splitBySize(files, { limits: { ...quota.limits, maxFileSizeMB: null } }).taken).toEqual([files[0]])
  })
})
