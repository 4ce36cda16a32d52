import type { DatabaseSync } from 'node:sqlite'
import { moveRows } from './transfers-table'

export type Migration = {
  readonly name: string
  readonly sql: string
  /** What SQL alone cannot do, in the same transaction: rows carry a checksum over all their columns. */
  readonly afterwards?: (db: DatabaseSync) => void
}

/** In order, forward only; the number of a migration is its place in this list, from 1. */
export const migrations: readonly Migration[] = [
  {
    name: 'initial',
    sql: `
      CREATE TABLE transfers (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        backend_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        added_at_ms INTEGER NOT NULL,
        path TEXT NOT NULL CHECK (path <> ''),
        name TEXT NOT NULL CHECK (name <> ''),
        is_spooled INTEGER NOT NULL CHECK (is_spooled IN (0, 1)),
        media_type TEXT,
        duration_seconds REAL CHECK (duration_seconds > 0),
        size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
        modified_at_ns TEXT NOT NULL,
        inode TEXT NOT NULL,
        sampled_digest TEXT CHECK (length(sampled_digest) = 64),
        sha256 TEXT CHECK (length(sha256) = 64),
        phase TEXT NOT NULL CHECK (phase IN ('queued', 'paused', 'needs-you', 'failed', 'done', 'cancelled')),
        failure TEXT CHECK (json_valid(failure)),
        upload_id TEXT,
        generation INTEGER NOT NULL CHECK (generation >= 1),
        acknowledged_bytes INTEGER NOT NULL CHECK (acknowledged_bytes BETWEEN 0 AND size_bytes),
        kept_until TEXT,
        mismatch_count INTEGER NOT NULL CHECK (mismatch_count >= 0),
        video_id TEXT,
        finished_at_ms INTEGER,
        checksum TEXT NOT NULL,
        CHECK ((phase = 'done') = (video_id IS NOT NULL)),
        CHECK ((phase = 'done') = (finished_at_ms IS NOT NULL)),
        CHECK ((phase IN ('needs-you', 'failed')) = (failure IS NOT NULL))
      ) STRICT;
      CREATE TABLE abandoned_uploads (
        upload_id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        backend_id TEXT NOT NULL,
        checksum TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'downloads',
    sql: `
      ALTER TABLE transfers RENAME TO transfers_before_downloads;
      CREATE TABLE transfers (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        backend_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        added_at_ms INTEGER NOT NULL,
        path TEXT NOT NULL CHECK (path <> ''),
        name TEXT NOT NULL CHECK (name <> ''),
        is_spooled INTEGER NOT NULL CHECK (is_spooled IN (0, 1)),
        media_type TEXT,
        duration_seconds REAL CHECK (duration_seconds > 0),
        size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
        modified_at_ns TEXT NOT NULL,
        inode TEXT NOT NULL,
        sampled_digest TEXT CHECK (length(sampled_digest) = 64),
        sha256 TEXT CHECK (length(sha256) = 64),
        phase TEXT NOT NULL CHECK (phase IN ('queued', 'paused', 'needs-you', 'failed', 'done', 'cancelled')),
        failure TEXT CHECK (json_valid(failure)),
        upload_id TEXT,
        generation INTEGER NOT NULL CHECK (generation >= 1),
        acknowledged_bytes INTEGER NOT NULL CHECK (acknowledged_bytes BETWEEN 0 AND size_bytes),
        kept_until TEXT,
        mismatch_count INTEGER NOT NULL CHECK (mismatch_count >= 0),
        video_id TEXT,
        finished_at_ms INTEGER,
        kind TEXT NOT NULL CHECK (kind IN ('upload', 'download')),
        if_exists TEXT CHECK (if_exists IN ('skip', 'keep-both', 'replace')),
        checksum TEXT NOT NULL,
        CHECK (CASE kind WHEN 'upload' THEN (phase = 'done') = (video_id IS NOT NULL) ELSE video_id IS NOT NULL END),
        CHECK ((phase = 'done') = (finished_at_ms IS NOT NULL)),
        CHECK ((phase IN ('needs-you', 'failed')) = (failure IS NOT NULL)),
        CHECK ((kind = 'download') = (if_exists IS NOT NULL)),
        CHECK (kind = 'upload' OR (upload_id IS NULL AND sha256 IS NOT NULL))
      ) STRICT;
    `,
    afterwards: (db) =>
      moveRows(db, {
        from: 'transfers_before_downloads',
        to: 'transfers',
        added: { kind: 'upload', if_exists: null },
      }),
  },
  {
    name: 'duplicates',
    sql: `
      ALTER TABLE transfers RENAME TO transfers_before_duplicates;
      CREATE TABLE transfers (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        backend_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        added_at_ms INTEGER NOT NULL,
        path TEXT NOT NULL CHECK (path <> ''),
        name TEXT NOT NULL CHECK (name <> ''),
        is_spooled INTEGER NOT NULL CHECK (is_spooled IN (0, 1)),
        media_type TEXT,
        duration_seconds REAL CHECK (duration_seconds > 0),
        size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
        modified_at_ns TEXT NOT NULL,
        inode TEXT NOT NULL,
        sampled_digest TEXT CHECK (length(sampled_digest) = 64),
        sha256 TEXT CHECK (length(sha256) = 64),
        phase TEXT NOT NULL CHECK (phase IN ('queued', 'paused', 'needs-you', 'failed', 'done', 'cancelled')),
        failure TEXT CHECK (json_valid(failure)),
        upload_id TEXT,
        generation INTEGER NOT NULL CHECK (generation >= 1),
        acknowledged_bytes INTEGER NOT NULL CHECK (acknowledged_bytes BETWEEN 0 AND size_bytes),
        kept_until TEXT,
        mismatch_count INTEGER NOT NULL CHECK (mismatch_count >= 0),
        video_id TEXT,
        finished_at_ms INTEGER,
        kind TEXT NOT NULL CHECK (kind IN ('upload', 'download')),
        if_exists TEXT CHECK (if_exists IN ('skip', 'keep-both', 'replace')),
        duplicate_of TEXT CHECK (json_valid(duplicate_of)),
        checksum TEXT NOT NULL,
        CHECK (CASE kind WHEN 'upload' THEN (phase = 'done') = (video_id IS NOT NULL) ELSE video_id IS NOT NULL END),
        CHECK ((phase = 'done') = (finished_at_ms IS NOT NULL)),
        CHECK ((phase IN ('needs-you', 'failed')) = (failure IS NOT NULL)),
        CHECK ((kind = 'download') = (if_exists IS NOT NULL)),
        CHECK (duplicate_of IS NULL OR (kind = 'upload' AND phase = 'done')),
        CHECK (kind = 'upload' OR (upload_id IS NULL AND sha256 IS NOT NULL))
      ) STRICT;
    `,
    afterwards: (db) =>
      moveRows(db, { from: 'transfers_before_duplicates', to: 'transfers', added: { duplicate_of: null } }),
  },
  {
    name: 'flight-recorder',
    // Without checksums: what is damaged here is left out of a text for support, and nothing else depends on it.
    sql: `
      CREATE TABLE flight_events (
        id INTEGER PRIMARY KEY,
        transfer_id TEXT NOT NULL,
        sequence INTEGER NOT NULL CHECK (sequence >= 1),
        at_ms INTEGER NOT NULL,
        event TEXT NOT NULL CHECK (json_valid(event)),
        UNIQUE (transfer_id, sequence)
      ) STRICT;
    `,
  },
]
