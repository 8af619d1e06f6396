-- Under the name that SQLite's index has: one text of a statement serves both.
CREATE OR REPLACE VIEW search_index (rowid, text) AS SELECT id, text FROM search_text;
