import type { Migration } from '../migrate'

/** A temporary token hangs on a session or on an API token, and goes with the latter. */
export const tempTokensOfApiTokens: Migration = {
  number: 5,
  name: 'temp-tokens-of-api-tokens',
  sql: `
CREATE TABLE temp_tokens_next (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  session_id TEXT REFERENCES sessions (id),
  api_token_id TEXT REFERENCES api_tokens (id) ON DELETE CASCADE,
  operation TEXT NOT NULL CHECK (operation IN ('upload', 'download', 'backup', 'restore')),
  bound_id TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  end_reason TEXT,
  ended_at INTEGER,
  outlives_session INTEGER NOT NULL DEFAULT 0 CHECK (outlives_session IN (0, 1)),
  CHECK (expires_at <= ends_at),
  CHECK ((session_id IS NULL) <> (api_token_id IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO temp_tokens_next
  SELECT token_hash, user_id, session_id, NULL, operation, bound_id, created_at, expires_at, ends_at, end_reason, ended_at,
    outlives_session
  FROM temp_tokens;
DROP TABLE temp_tokens;
ALTER TABLE temp_tokens_next RENAME TO temp_tokens;
CREATE INDEX temp_tokens_by_session ON temp_tokens (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX temp_tokens_by_api_token ON temp_tokens (api_token_id) WHERE api_token_id IS NOT NULL;
CREATE INDEX temp_tokens_by_expiry ON temp_tokens (expires_at);
CREATE INDEX temp_tokens_by_user ON temp_tokens (user_id);
`,
}
