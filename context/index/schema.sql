-- A file has a content, or a reason why it was left out. What a content says is kept once, for all files that have it
-- and for a while after the last of them has changed.

CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    language TEXT NOT NULL,
    package TEXT NOT NULL
);
CREATE INDEX content_package ON content (package) WHERE package != '';

CREATE TABLE file (
    path TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    stamp TEXT NOT NULL,
    content INTEGER REFERENCES content,
    skipped TEXT
) WITHOUT ROWID;
CREATE INDEX file_content ON file (content);
CREATE INDEX file_folder ON file (folder);

CREATE TABLE definition (
    id INTEGER PRIMARY KEY,
    content INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
    name TEXT NOT NULL,
    symbol TEXT NOT NULL,
    kind TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    signature TEXT NOT NULL,
    parent TEXT NOT NULL,
    doc TEXT NOT NULL,
    type TEXT NOT NULL,
    bases TEXT NOT NULL,
    is_public INTEGER NOT NULL
);
CREATE INDEX definition_name ON definition (name, content);
CREATE INDEX definition_symbol ON definition (content, symbol);
CREATE INDEX definition_parent ON definition (content, parent);

-- The words of a definition's name and doc, split at case and underscores.
CREATE VIRTUAL TABLE search USING fts5 (name, doc, detail = column);
INSERT INTO search (search, rank) VALUES ('rank', 'bm25(4.0, 1.0)');
CREATE TRIGGER definition_deleted AFTER DELETE ON definition BEGIN
    DELETE FROM search WHERE rowid = OLD.id;
END;

-- `tail` is the module's last component.
CREATE TABLE import (
    content INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
    place INTEGER NOT NULL,
    module TEXT NOT NULL,
    name TEXT,
    binds TEXT NOT NULL,
    is_exported INTEGER NOT NULL,
    tail TEXT NOT NULL,
    PRIMARY KEY (content, place)
) WITHOUT ROWID;
CREATE INDEX import_tail ON import (tail);
CREATE INDEX import_name ON import (name);

-- `word` is a 64-bit hash of the identifier: a tenth of the text's size, and known without looking anything up.
CREATE TABLE occurrence (
    word INTEGER NOT NULL,
    content INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
    n INTEGER NOT NULL,
    PRIMARY KEY (word, content)
) WITHOUT ROWID;
CREATE INDEX occurrence_content ON occurrence (content);

-- When all files were looked at last, in seconds since 1970; no row before that was done once.
CREATE TABLE scan (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    finished REAL NOT NULL
);
