import type { Migration } from '../migrate'

/** Where users and staff meet: who asks for more, what a person shows under three words. */
export const support: Migration = {
  number: 13,
  name: 'support',
  sql: `
CREATE TABLE quota_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  message TEXT NOT NULL,
  answered_by INTEGER REFERENCES audit_entries (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX quota_requests_open_by_user ON quota_requests (user_id) WHERE answered_by IS NULL;
CREATE INDEX quota_requests_open ON quota_requests (id) WHERE answered_by IS NULL;
CREATE INDEX quota_requests_by_user ON quota_requests (user_id, id);

CREATE TABLE support_codes (
  code_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  snapshot TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX support_codes_by_user ON support_codes (user_id, created_at);
CREATE INDEX support_codes_by_creation ON support_codes (created_at);

CREATE INDEX uploads_by_user_state ON uploads (user_id, state, created_at, id);
CREATE INDEX uploads_by_user_creation ON uploads (user_id, created_at, id);
DROP INDEX uploads_by_user;

-- REPLACE removes a row, here one of the same hash, without asking the triggers that keep rows from going.
CREATE TRIGGER audit_entries_never_replaced BEFORE INSERT ON audit_entries
  WHEN EXISTS (SELECT 1 FROM audit_entries WHERE hash = NEW.hash)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`,
}
