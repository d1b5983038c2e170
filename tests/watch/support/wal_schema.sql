-- Two tables that are followed, one that has no row ids, and an index with long keys.
CREATE TABLE one (id INTEGER PRIMARY KEY, content BLOB, label TEXT, number INTEGER);
CREATE TABLE two (id INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB, label TEXT, number INTEGER);
CREATE TABLE keyed (label TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID;
CREATE INDEX one_label ON one (label);

-- The judge: what really happened, row by row, in a place that leaves no trace in the WAL.
CREATE TEMP TABLE happened (place TEXT, id INTEGER);

CREATE TEMP TRIGGER one_inserted AFTER INSERT ON main.one BEGIN INSERT INTO happened VALUES ('one', NEW.id); END;
CREATE TEMP TRIGGER one_deleted  AFTER DELETE ON main.one BEGIN INSERT INTO happened VALUES ('one', OLD.id); END;
CREATE TEMP TRIGGER two_inserted AFTER INSERT ON main.two BEGIN INSERT INTO happened VALUES ('two', NEW.id); END;
CREATE TEMP TRIGGER two_deleted  AFTER DELETE ON main.two BEGIN INSERT INTO happened VALUES ('two', OLD.id); END;

-- A row that is written as it was has not changed: where its cell stays the same byte for byte, SQLite writes no page.
CREATE TEMP TRIGGER one_updated AFTER UPDATE ON main.one
  WHEN (NEW.content, NEW.label, NEW.number) IS NOT (OLD.content, OLD.label, OLD.number)
BEGIN INSERT INTO happened VALUES ('one', NEW.id); END;
CREATE TEMP TRIGGER two_updated AFTER UPDATE ON main.two
  WHEN (NEW.content, NEW.label, NEW.number) IS NOT (OLD.content, OLD.label, OLD.number)
BEGIN INSERT INTO happened VALUES ('two', NEW.id); END;
