import type { Migration } from '../migrate'

/** What streams are told, and keys for scripts. */
export const eventsAndApiTokens: Migration = {
  number: 3,
  name: 'events-and-api-tokens',
  sql: `
CREATE TABLE events (
  user_id TEXT NOT NULL REFERENCES users (id),
  id INTEGER NOT NULL CHECK (id > 0),
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_time ON events (at);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_tokens_by_user ON api_tokens (user_id, created_at);
`,
}
