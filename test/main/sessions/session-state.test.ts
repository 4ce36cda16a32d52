import { describe, expect, it } from 'vitest'
import { userIdSchema } from '../../../contract/ids'
import type { Transfer } from '../../../contract/transfers'
import {
  countUnfinished,
  firstKeptUntil,
  queueOwnerOf,
  type SessionState,
  toSessionStatus,
} from '../../../main/sessions/session-state'
import { transfer } from '../../renderer/sample-transfer'

const now = '2026-11-21T00:00:00.000Z'
const early = '2026-11-22T00:00:00.000Z'
const late = '2026-11-28T00:00:00.000Z'
const userId = userIdSchema.parse('user-00001')
const ended: SessionState = {
  kind: 'signed-out',
  ended: { reason: null, at: early, username: 'nok', userId, byDevice: null, isDiscarded: true },
  deviceName: 'Desk',
  isFirstAccount: false,
  canRegister: false,
  providers: [],
}

const moving = { kind: 'uploading', bytesPerSecond: null, secondsLeft: null } as const
const queue: Transfer[] = [
  transfer(moving, { keptUntil: null, safeBytes: 0 }),
  transfer({ kind: 'waiting-for-sign-in' }, { keptUntil: late, safeBytes: 5 }),
  transfer({ kind: 'paused' }, { keptUntil: null, safeBytes: 0 }),
  transfer({ kind: 'paused' }, { keptUntil: early, safeBytes: 0 }),
  transfer({ kind: 'waiting-for-sign-in' }, { kind: 'download', keptUntil: now, safeBytes: 5 }),
  transfer({ kind: 'cancelled' }, { keptUntil: now, safeBytes: 5 }),
]

describe('a session that the backend ended', () => {
  it('counts what still goes on, what waits, and until when the first of what was sent is kept', () => {
    expect(countUnfinished(queue, 'upload')).toEqual({ finishingCount: 1, waitingCount: 3 })
    expect(countUnfinished(queue, 'download')).toEqual({ finishingCount: 0, waitingCount: 1 })
    expect(firstKeptUntil(queue)).toBe(early)
    expect(firstKeptUntil([])).toBeNull()
  })

  it('leaves the queue to its owner, and tells the page counts alone', () => {
    expect(queueOwnerOf(ended)).toBe(userId)
    expect(queueOwnerOf({ ...ended, ended: null })).toBeNull()
    const told = JSON.stringify(toSessionStatus(ended, queue))
    expect(told).not.toContain(userId)
    for (const { name } of queue) expect(told).not.toContain(name)
    expect(told).toContain('"isDiscarded":true')
  })
})
