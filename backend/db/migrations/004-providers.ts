import type { Migration } from '../migrate'

/** Accounts of OpenID providers, and the sign-ins through them that are under way. */
export const providers: Migration = {
  number: 4,
  name: 'providers',
  sql: `
CREATE TABLE provider_accounts (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_accounts_by_user ON provider_accounts (user_id);

CREATE TABLE provider_sign_ins (
  state_hash TEXT PRIMARY KEY,
  provider_id TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'proof')),
  redirect_uri TEXT NOT NULL,
  app_state TEXT NOT NULL,
  code_challenge TEXT NOT NULL,
  network TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_sign_ins_by_network ON provider_sign_ins (network, expires_at);
CREATE INDEX provider_sign_ins_by_expiry ON provider_sign_ins (expires_at);

CREATE TABLE provider_codes (
  code_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'proof')),
  code_challenge TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_codes_by_expiry ON provider_codes (expires_at);
`,
}
