-- The index of search_text: groups of three characters. It keeps no text of its own.
CREATE VIRTUAL TABLE search_index USING fts5(text, content = 'search_text', content_rowid = 'id', tokenize = 'trigram', detail = none);
CREATE TRIGGER search_text_inserted AFTER INSERT ON search_text
BEGIN
    INSERT INTO search_index (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER search_text_updated AFTER UPDATE OF text ON search_text
BEGIN
    INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO search_index (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER search_text_deleted AFTER DELETE ON search_text
BEGIN
    INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', old.id, old.text);
END;
