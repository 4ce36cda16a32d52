import type { Migration } from '../migrate'

/** The regular clean-up looks for API tokens that ran out long ago. */
export const apiTokensByExpiry: Migration = {
  number: 7,
  name: 'api-tokens-by-expiry',
  sql: `
CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at) WHERE expires_at IS NOT NULL;
`,
}
