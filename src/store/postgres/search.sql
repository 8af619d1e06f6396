-- Finds contacts and calls by any part of their search_key.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX IF NOT EXISTS contact_search ON contact USING gin (search_key gin_trgm_ops);
CREATE INDEX IF NOT EXISTS call_search ON call USING gin (search_key gin_trgm_ops);
