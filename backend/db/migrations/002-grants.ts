import type { Migration } from '../migrate'

/** What the devices screen shows and does: places, proofs, who ended what, and what each device is sending. */
export const grants: Migration = {
  number: 2,
  name: 'grants',
  sql: `
ALTER TABLE sessions ADD COLUMN device_key TEXT;
ALTER TABLE sessions ADD COLUMN place TEXT;
ALTER TABLE sessions ADD COLUMN ended_by_kind TEXT CHECK (ended_by_kind IN ('user', 'staff', 'system'));
ALTER TABLE sessions ADD COLUMN ended_by_device TEXT;
ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET proved_at = created_at;
UPDATE sessions SET ended_by_kind = CASE ended_by WHEN 'clock' THEN 'system' ELSE 'user' END WHERE ended_at IS NOT NULL;
UPDATE sessions SET ended_by_device = device_name WHERE end_reason = 'signed_out';
CREATE INDEX sessions_running_by_user ON sessions (user_id, last_active_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended_by_user ON sessions (user_id, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE known_devices (
  user_id TEXT NOT NULL REFERENCES users (id),
  device_key TEXT NOT NULL,
  name TEXT,
  last_used_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, device_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_devices_by_use ON known_devices (last_used_at);

CREATE TABLE device_weeks (
  user_id TEXT NOT NULL REFERENCES users (id),
  week_starts_at INTEGER NOT NULL,
  device TEXT NOT NULL,
  device_type TEXT NOT NULL,
  device_os TEXT NOT NULL,
  sign_ins INTEGER NOT NULL CHECK (sign_ins > 0),
  PRIMARY KEY (user_id, week_starts_at, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_weeks_by_week ON device_weeks (week_starts_at);
INSERT INTO device_weeks (user_id, week_starts_at, device, device_type, device_os, sign_ins)
  SELECT user_id, (created_at + 259200000) / 604800000 * 604800000 - 259200000 AS week,
    device_type || '/' || device_os || '/' || device_name AS device, device_type, device_os, count(*)
  FROM sessions GROUP BY user_id, week, device;

ALTER TABLE temp_tokens ADD COLUMN end_reason TEXT;
ALTER TABLE temp_tokens ADD COLUMN ended_at INTEGER;
ALTER TABLE temp_tokens ADD COLUMN outlives_session INTEGER NOT NULL DEFAULT 0 CHECK (outlives_session IN (0, 1));
CREATE INDEX temp_tokens_by_user ON temp_tokens (user_id);

ALTER TABLE uploads ADD COLUMN session_id TEXT;
CREATE INDEX uploads_receiving_by_session ON uploads (session_id) WHERE state = 'receiving';
`,
}
