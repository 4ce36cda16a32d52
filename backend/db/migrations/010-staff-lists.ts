import type { Migration } from '../migrate'

/** What staff page through: all running sessions and all API tokens of the instance. */
export const staffLists: Migration = {
  number: 10,
  name: 'staff-lists',
  sql: `
CREATE INDEX sessions_running_by_creation ON sessions (created_at, id) WHERE ended_at IS NULL;
CREATE INDEX api_tokens_by_creation ON api_tokens (created_at, id);
`,
}
