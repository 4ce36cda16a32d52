import { type Transfer, transferSchema } from '../../contract/transfers'

const GB = 1e9

/** A row as main would push it; parsed, so that a sample cannot drift from the contract. */
export function transfer(status: unknown, more: Partial<Transfer> = {}): Transfer {
  return transferSchema.parse({
    id: 'transfer-1',
    kind: 'upload',
    content: 'video',
    name: 'Site-visit.mov',
    sizeBytes: 18 * GB,
    sentBytes: 7.1 * GB,
    safeBytes: 6.9 * GB,
    durationSeconds: 600,
    addedAt: '2026-11-21T10:00:00.000Z',
    keptUntil: '2026-11-28T12:00:00.000Z',
    status,
    ...more,
  })
}
