import type { Migration } from '../migrate'

export const initial: Migration = {
  number: 1,
  name: 'initial',
  sql: `
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,
  display_name TEXT,
  email TEXT,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('user', 'staff')),
  disabled_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  token_hash TEXT NOT NULL UNIQUE,
  device_name TEXT NOT NULL,
  device_type TEXT NOT NULL CHECK (device_type IN ('desktop', 'browser', 'mobile', 'script')),
  device_os TEXT NOT NULL,
  device_app TEXT NOT NULL,
  ip_address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT CHECK (end_reason IN ('signed_out', 'signed_out_elsewhere', 'expired', 'password_changed',
    'account_disabled', 'revoked_by_staff', 'session_limit')),
  ended_by TEXT,
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_running_by_expiry ON sessions (expires_at) WHERE ended_at IS NULL;

CREATE TABLE login_failures (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL CHECK (failures > 0),
  window_ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE temp_tokens (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  session_id TEXT NOT NULL REFERENCES sessions (id),
  operation TEXT NOT NULL CHECK (operation IN ('upload', 'download', 'backup', 'restore')),
  bound_id TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  CHECK (expires_at <= ends_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX temp_tokens_by_session ON temp_tokens (session_id);
CREATE INDEX temp_tokens_by_expiry ON temp_tokens (expires_at);

CREATE TABLE quotas (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  max_videos INTEGER CHECK (max_videos >= 0),
  max_duration_ms INTEGER CHECK (max_duration_ms >= 0),
  max_file_size_bytes INTEGER CHECK (max_file_size_bytes >= 0),
  used_videos INTEGER NOT NULL DEFAULT 0 CHECK (used_videos >= 0),
  used_duration_ms INTEGER NOT NULL DEFAULT 0 CHECK (used_duration_ms >= 0),
  reserved_videos INTEGER NOT NULL DEFAULT 0 CHECK (reserved_videos >= 0),
  reserved_duration_ms INTEGER NOT NULL DEFAULT 0 CHECK (reserved_duration_ms >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('reserve', 'commit', 'release', 'grant', 'reset')),
  upload_id TEXT,
  actor TEXT NOT NULL,
  reason TEXT,
  idempotency_key TEXT NOT NULL UNIQUE,
  used_videos_delta INTEGER NOT NULL,
  used_duration_ms_delta INTEGER NOT NULL,
  reserved_videos_delta INTEGER NOT NULL,
  reserved_duration_ms_delta INTEGER NOT NULL,
  used_videos_after INTEGER NOT NULL CHECK (used_videos_after >= 0),
  used_duration_ms_after INTEGER NOT NULL CHECK (used_duration_ms_after >= 0),
  reserved_videos_after INTEGER NOT NULL CHECK (reserved_videos_after >= 0),
  reserved_duration_ms_after INTEGER NOT NULL CHECK (reserved_duration_ms_after >= 0)
) STRICT;
CREATE INDEX quota_entries_by_user ON quota_entries (user_id, id);
CREATE TRIGGER quota_entries_never_change BEFORE UPDATE ON quota_entries
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER quota_entries_never_go BEFORE DELETE ON quota_entries
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  state TEXT NOT NULL CHECK (state IN ('receiving', 'verifying', 'accepted', 'held', 'rejected')),
  code TEXT,
  refusal TEXT,
  creation_key TEXT,
  filename TEXT NOT NULL,
  filetype TEXT,
  size_bytes INTEGER CHECK (size_bytes > 0),
  declared_duration_ms INTEGER NOT NULL CHECK (declared_duration_ms >= 0),
  expected_sha256 TEXT CHECK (length(expected_sha256) = 64),
  offset_bytes INTEGER NOT NULL DEFAULT 0 CHECK (offset_bytes >= 0),
  sha256 TEXT CHECK (length(sha256) = 64),
  video_id TEXT UNIQUE,
  facts TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  ended_at INTEGER,
  CHECK (size_bytes IS NULL OR offset_bytes <= size_bytes),
  CHECK (state = 'receiving' OR state = 'rejected' OR video_id IS NOT NULL),
  CHECK ((state IN ('rejected', 'held')) = (code IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX uploads_by_creation_key ON uploads (user_id, creation_key) WHERE creation_key IS NOT NULL;
CREATE INDEX uploads_by_user ON uploads (user_id, created_at);
CREATE INDEX uploads_unfinished ON uploads (state, expires_at) WHERE state IN ('receiving', 'verifying', 'held');

CREATE TABLE videos (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  upload_id TEXT NOT NULL UNIQUE REFERENCES uploads (id),
  filename TEXT NOT NULL,
  name_key TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  duration_ms INTEGER NOT NULL CHECK (duration_ms > 0),
  container TEXT NOT NULL,
  media_type TEXT NOT NULL,
  video_codec TEXT,
  width_pixels INTEGER,
  height_pixels INTEGER,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  thumbnail TEXT NOT NULL DEFAULT 'pending' CHECK (thumbnail IN ('pending', 'made', 'none')),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX videos_by_creation ON videos (user_id, created_at, id);
CREATE INDEX videos_by_name ON videos (user_id, name_key, id);
CREATE INDEX videos_by_duration ON videos (user_id, duration_ms, id);
CREATE INDEX videos_by_size ON videos (user_id, size_bytes, id);
CREATE INDEX videos_without_thumbnail ON videos (created_at) WHERE thumbnail = 'pending';
`,
}
