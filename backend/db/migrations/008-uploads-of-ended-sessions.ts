import type { Migration } from '../migrate'

/** What became of the uploads of a session that somebody signed out: its device is told, also long after. */
export const uploadsOfEndedSessions: Migration = {
  number: 8,
  name: 'uploads-of-ended-sessions',
  sql: `
ALTER TABLE sessions ADD COLUMN end_uploads TEXT CHECK (end_uploads IN ('pause', 'finish', 'discard'));
`,
}
