import type { Migration } from '../migrate'

/** What staff do, on record: the audit log, resets that can be undone, grants that end, and what a search for people looks at. */
export const staff: Migration = {
  number: 9,
  name: 'staff',
  sql: `
CREATE TABLE audit_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('staff', 'machine', 'system')),
  origin TEXT NOT NULL,
  action TEXT NOT NULL,
  user_id TEXT REFERENCES users (id),
  subject TEXT,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  reason TEXT,
  ticket TEXT,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX audit_entries_by_user ON audit_entries (user_id, id);
CREATE INDEX audit_entries_by_action ON audit_entries (action, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, id);
CREATE TRIGGER audit_entries_never_change BEFORE UPDATE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_never_go BEFORE DELETE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_only_at_the_end BEFORE INSERT ON audit_entries
  WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id >= NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE quota_resets (
  id INTEGER PRIMARY KEY REFERENCES audit_entries (id) DEFERRABLE INITIALLY DEFERRED,
  user_id TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  videos INTEGER NOT NULL CHECK (videos >= 0),
  duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
  undone_by INTEGER REFERENCES audit_entries (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX quota_resets_by_user ON quota_resets (user_id, id);

CREATE TABLE quota_grants (
  id INTEGER PRIMARY KEY REFERENCES audit_entries (id) DEFERRABLE INITIALLY DEFERRED,
  user_id TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  videos INTEGER NOT NULL CHECK (videos >= 0),
  duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
  ends_at INTEGER,
  end_told INTEGER NOT NULL DEFAULT 0 CHECK (end_told IN (0, 1)),
  CHECK (videos + duration_ms > 0)
) STRICT;
CREATE INDEX quota_grants_by_user ON quota_grants (user_id, ends_at);
CREATE INDEX quota_grants_untold ON quota_grants (ends_at) WHERE end_told = 0 AND ends_at IS NOT NULL;

ALTER TABLE quotas ADD COLUMN last_change INTEGER REFERENCES audit_entries (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE default_limits (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  max_videos INTEGER CHECK (max_videos >= 0),
  max_duration_ms INTEGER CHECK (max_duration_ms >= 0),
  max_file_size_bytes INTEGER CHECK (max_file_size_bytes >= 0)
) STRICT;

ALTER TABLE users ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
UPDATE users SET search_key =
  username_key || char(10) || lower(coalesce(display_name, '')) || char(10) || lower(coalesce(email, ''));
CREATE INDEX users_by_search ON users (username_key, search_key);
CREATE INDEX users_staff ON users (id) WHERE role = 'staff' AND disabled_at IS NULL;
ALTER TABLE users ADD COLUMN disabled_reason TEXT;
ALTER TABLE sessions ADD COLUMN end_note TEXT;
`,
}
