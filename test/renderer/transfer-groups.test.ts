import { describe, expect, it } from 'vitest'
import { safeUntil } from '../../renderer/uploads/transfer-groups'
import { transfer } from './sample-transfer'

describe('what is kept of uploads when a session ends', () => {
  it('is kept until the first part expires, counting only what the server has', () => {
    const row = (keptUntil: string | null, safeBytes: number) => transfer({ kind: 'paused' }, { keptUntil, safeBytes })
    const early = '2026-11-22T00:00:00.000Z'
    const late = '2026-11-28T00:00:00.000Z'
    expect(safeUntil([row(late, 5), row(early, 5), row(null, 0)])).toBe(early)
    expect(safeUntil([row(late, 5), row(early, 0)])).toBe(late)
    expect(safeUntil([row(early, 0)])).toBeNull()
  })
})
