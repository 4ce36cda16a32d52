import { ProblemError } from '../http/problems'

/** Asks for what comes after a page; null where that was all. */
export function cursorAfter(rows: readonly { createdAt: number; id: string }[], limit: number): string | null {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return last === undefined ? null : `${last.createdAt}_${last.id}`
}

/** @throws ProblemError `invalid_request` */
export function readCursor(cursor: string): { readonly createdAt: number; readonly id: string } {
  const [, createdAt, id] = /^(\d{1,15})_([A-Za-z0-9_-]{8,64})$/.exec(cursor) ?? []
  if (createdAt === undefined || id === undefined) {
    throw new ProblemError('invalid_request', { extra: { fields: [{ path: 'cursor', message: 'invalid' }] } })
  }
  return { createdAt: Number(createdAt), id }
}
