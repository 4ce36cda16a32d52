import type { Migration } from '../migrate'

/** Rare words among many people are found by their trigrams; and the ledger takes no line in the place of another. */
export const staffSearch: Migration = {
  number: 12,
  name: 'staff-search',
  sql: `
CREATE VIRTUAL TABLE users_search USING fts5 (user_id UNINDEXED, search_key, tokenize = 'trigram case_sensitive 1');
INSERT INTO users_search (user_id, search_key) SELECT id, search_key FROM users;
CREATE TRIGGER users_search_comes AFTER INSERT ON users
  BEGIN INSERT INTO users_search (user_id, search_key) VALUES (NEW.id, NEW.search_key); END;
CREATE TRIGGER users_search_changes AFTER UPDATE OF search_key ON users
  WHEN OLD.search_key <> NEW.search_key
  BEGIN
    DELETE FROM users_search WHERE user_id = NEW.id;
    INSERT INTO users_search (user_id, search_key) VALUES (NEW.id, NEW.search_key);
  END;

CREATE TRIGGER quota_entries_never_replaced BEFORE INSERT ON quota_entries
  WHEN EXISTS (SELECT 1 FROM quota_entries WHERE id = NEW.id OR idempotency_key = NEW.idempotency_key)
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`,
}
