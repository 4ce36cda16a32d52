import type { Migration } from '../migrate'

/** Limits that staff give by name. */
export const presets: Migration = {
  number: 14,
  name: 'presets',
  sql: `
CREATE TABLE limit_presets (
  name TEXT PRIMARY KEY,
  max_videos INTEGER CHECK (max_videos >= 0),
  max_duration_ms INTEGER CHECK (max_duration_ms >= 0),
  max_file_size_bytes INTEGER CHECK (max_file_size_bytes >= 0)
) STRICT, WITHOUT ROWID;
`,
}
