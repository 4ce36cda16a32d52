import type { Migration } from '../migrate'

/** The language in which a person is written to, and what is to be sent by mail. */
export const mail: Migration = {
  number: 6,
  name: 'mail',
  sql: `
ALTER TABLE users ADD COLUMN language TEXT CHECK (language IN ('en', 'ar', 'th'));

CREATE TABLE mails (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  recipient TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'ar', 'th')),
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  next_attempt_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mails_by_next_attempt ON mails (next_attempt_at);
CREATE INDEX mails_by_user ON mails (user_id);
`,
}
