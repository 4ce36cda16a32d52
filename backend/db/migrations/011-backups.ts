import type { Migration } from '../migrate'

/** Backups, the jobs that make, check and bring them back, entry by entry, and uploads that are no videos. */
export const backups: Migration = {
  number: 11,
  name: 'backups',
  sql: `
ALTER TABLE uploads ADD COLUMN purpose TEXT NOT NULL DEFAULT 'video' CHECK (purpose IN ('video', 'archive', 'restored'));

CREATE TABLE backups (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  origin TEXT NOT NULL CHECK (origin IN ('asked', 'scheduled', 'staff', 'sent')),
  state TEXT NOT NULL CHECK (state IN ('making', 'ready', 'failed')),
  created_at INTEGER NOT NULL,
  videos_count INTEGER NOT NULL DEFAULT 0 CHECK (videos_count >= 0),
  content_bytes INTEGER NOT NULL DEFAULT 0 CHECK (content_bytes >= 0),
  size_bytes INTEGER CHECK (size_bytes > 0),
  sha256 TEXT CHECK (length(sha256) = 64),
  checked_at INTEGER,
  damage TEXT,
  upload_id TEXT UNIQUE REFERENCES uploads (id),
  CHECK (state <> 'ready' OR (size_bytes IS NOT NULL AND sha256 IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX backups_by_user ON backups (user_id, created_at, id);
CREATE INDEX backups_by_check ON backups (checked_at) WHERE state = 'ready';

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL CHECK (kind IN ('backup', 'restore', 'check')),
  backup_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'preparing', 'writing', 'verifying', 'restoring', 'finalizing', 'paused',
    'done', 'failed', 'cancelled')),
  step INTEGER NOT NULL DEFAULT 0,
  options TEXT NOT NULL,
  wish TEXT CHECK (wish IN ('pause', 'cancel', 'cancel-keeping')),
  code TEXT,
  session_id TEXT,
  api_token_id TEXT,
  temp_token_hash TEXT,
  total INTEGER NOT NULL DEFAULT 0,
  succeeded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  bytes_total INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  moved_at INTEGER,
  ended_at INTEGER,
  CHECK ((ended_at IS NULL) = (state NOT IN ('done', 'failed', 'cancelled')))
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_by_user ON jobs (user_id, created_at, id);
CREATE INDEX jobs_by_backup ON jobs (backup_id, created_at);
CREATE INDEX jobs_open ON jobs (created_at, id) WHERE ended_at IS NULL;
CREATE INDEX jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX jobs_by_session ON jobs (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE job_entries (
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  entry TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  record TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'moved', 'done', 'skipped', 'failed')),
  reason TEXT,
  target_id TEXT,
  replaces TEXT,
  content_at INTEGER,
  crc32 INTEGER,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_entries_by_state ON job_entries (job_id, state, position);
CREATE INDEX job_entries_by_target ON job_entries (target_id) WHERE target_id IS NOT NULL;

CREATE TABLE backup_schedules (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  every TEXT CHECK (every IN ('day', 'week')),
  keep INTEGER NOT NULL CHECK (keep BETWEEN 1 AND 10),
  next_at INTEGER,
  CHECK ((every IS NULL) = (next_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX backup_schedules_due ON backup_schedules (next_at) WHERE next_at IS NOT NULL;
`,
}
