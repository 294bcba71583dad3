-- +goose Up

-- The one row that every change passes: it puts changes in an order that all
-- nodes see alike.
CREATE TABLE revision (
    one BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO revision (one, seq) VALUES (1, 0);

CREATE TABLE changes (
    seq       BIGINT NOT NULL,
    nth       BIGINT NOT NULL, -- within its transaction
    at        BIGINT NOT NULL, -- milliseconds since 1970
    actor     BIGINT NOT NULL,
    key_id    TEXT   NOT NULL,
    action    TEXT   NOT NULL, -- create, update, delete
    kind      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    workspace TEXT   NOT NULL,
    PRIMARY KEY (seq, nth)
);

CREATE TABLE server_values (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE workspaces (
    id          TEXT PRIMARY KEY,
    name        TEXT   NOT NULL,
    type        TEXT   NOT NULL,
    description TEXT   NOT NULL,
    about       TEXT   NOT NULL,
    owner       BIGINT NOT NULL,
    globals     BYTEA,
    created     BIGINT NOT NULL,
    updated     BIGINT NOT NULL,
    revision    BIGINT NOT NULL
);

CREATE TABLE collections (
    id         TEXT PRIMARY KEY,
    workspace  TEXT   NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    owner      BIGINT NOT NULL,
    name       TEXT   NOT NULL,
    body       BYTEA  NOT NULL,
    file       TEXT   NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    revision   BIGINT NOT NULL
);
CREATE INDEX collections_by_workspace ON collections (workspace, created, id);

CREATE TABLE environments (
    id        TEXT PRIMARY KEY,
    workspace TEXT   NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    owner     BIGINT NOT NULL,
    name      TEXT   NOT NULL,
    body      BYTEA  NOT NULL,
    file      TEXT   NOT NULL,
    created   BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    revision  BIGINT NOT NULL
);
CREATE INDEX environments_by_workspace ON environments (workspace, created, id);

CREATE TABLE specs (
    id           TEXT PRIMARY KEY,
    workspace    TEXT   NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    owner        BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    type         TEXT   NOT NULL,
    follow       TEXT   NOT NULL, -- the URL that it follows
    follow_every BIGINT NOT NULL, -- milliseconds
    followed     BIGINT NOT NULL,
    follow_error TEXT   NOT NULL,
    file         TEXT   NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    updated_by   BIGINT NOT NULL,
    revision     BIGINT NOT NULL
);
CREATE INDEX specs_by_workspace ON specs (workspace, created, id);

CREATE TABLE spec_files (
    id         TEXT PRIMARY KEY,
    spec       TEXT    NOT NULL REFERENCES specs (id) ON DELETE CASCADE,
    path       TEXT    NOT NULL,
    root       BOOLEAN NOT NULL,
    content    BYTEA   NOT NULL,
    created    BIGINT  NOT NULL,
    created_by BIGINT  NOT NULL,
    updated    BIGINT  NOT NULL,
    updated_by BIGINT  NOT NULL,
    UNIQUE (spec, path)
);

CREATE TABLE spec_versions (
    id      TEXT PRIMARY KEY,
    spec    TEXT   NOT NULL REFERENCES specs (id) ON DELETE CASCADE,
    name    TEXT   NOT NULL,
    owner   BIGINT NOT NULL,
    created BIGINT NOT NULL,
    digest  TEXT   NOT NULL,
    files   BYTEA  NOT NULL
);
CREATE INDEX spec_versions_by_spec ON spec_versions (spec, created, id);

-- Which collection was generated from which spec, or the other way round.
CREATE TABLE spec_links (
    spec       TEXT   NOT NULL REFERENCES specs (id) ON DELETE CASCADE,
    collection TEXT   NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    origin     TEXT   NOT NULL, -- spec or collection: what the other was generated from
    options    BYTEA,
    sync       BYTEA,
    digest     TEXT   NOT NULL, -- of the source when they were last the same
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL,
    PRIMARY KEY (spec, collection)
);
CREATE INDEX spec_links_by_collection ON spec_links (collection);

CREATE TABLE mocks (
    id          TEXT PRIMARY KEY,
    slug        TEXT    NOT NULL UNIQUE,
    workspace   TEXT    NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    owner       BIGINT  NOT NULL,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    collection  TEXT    NOT NULL, -- these three stay when what they name is deleted
    environment TEXT    NOT NULL,
    spec        TEXT    NOT NULL,
    private     BOOLEAN NOT NULL,
    host        TEXT    NOT NULL,
    prefix      TEXT    NOT NULL,
    response_id TEXT    NOT NULL, -- the active server response
    config      BYTEA   NOT NULL,
    file        TEXT    NOT NULL,
    created     BIGINT  NOT NULL,
    updated     BIGINT  NOT NULL,
    revision    BIGINT  NOT NULL
);
CREATE INDEX mocks_by_workspace ON mocks (workspace, created, id);
CREATE INDEX mocks_by_collection ON mocks (collection);
CREATE INDEX mocks_by_spec ON mocks (spec);
CREATE UNIQUE INDEX mocks_by_host ON mocks (host) WHERE host <> '';
CREATE UNIQUE INDEX mocks_by_prefix ON mocks (prefix) WHERE prefix <> '';

CREATE TABLE server_responses (
    id         TEXT PRIMARY KEY,
    mock       TEXT   NOT NULL REFERENCES mocks (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    headers    BYTEA  NOT NULL,
    language   TEXT   NOT NULL,
    body       BYTEA  NOT NULL, -- any bytes, such as those that no text has
    created_by BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL
);
CREATE INDEX server_responses_by_mock ON server_responses (mock, created, id);

CREATE TABLE access_keys (
    id        TEXT PRIMARY KEY,
    name      TEXT   NOT NULL,
    hash      TEXT   NOT NULL UNIQUE, -- SHA-256 of the key, in hexadecimal
    hint      TEXT   NOT NULL,        -- its last characters, for people
    scope     TEXT   NOT NULL,
    workspace TEXT   NOT NULL,
    mock      TEXT   NOT NULL,
    owner     BIGINT NOT NULL,
    expires   BIGINT NOT NULL, -- 0: never
    revoked   BIGINT NOT NULL, -- 0: not
    used      BIGINT NOT NULL, -- 0: never
    created   BIGINT NOT NULL
);

CREATE TABLE tasks (
    id      TEXT PRIMARY KEY,
    kind    TEXT   NOT NULL,
    element TEXT   NOT NULL,
    status  TEXT   NOT NULL,
    result  BYTEA,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE comments (
    id         BIGINT PRIMARY KEY,
    thread     BIGINT NOT NULL,
    collection TEXT   NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    kind       TEXT   NOT NULL, -- collection, folder, request, response
    element    TEXT   NOT NULL,
    owner      BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    tags       BYTEA,
    resolved   BOOLEAN NOT NULL,
    created    BIGINT NOT NULL,
    updated    BIGINT NOT NULL
);
CREATE INDEX comments_by_element ON comments (collection, kind, element, id);

CREATE TABLE tags (
    slug    TEXT   NOT NULL,
    kind    TEXT   NOT NULL, -- collection, workspace
    element TEXT   NOT NULL,
    nth     BIGINT NOT NULL,
    at      BIGINT NOT NULL, -- when the element was first given it
    PRIMARY KEY (slug, kind, element)
);
CREATE INDEX tags_by_element ON tags (kind, element, nth);

CREATE TABLE runs (
    id         TEXT PRIMARY KEY,
    collection TEXT   NOT NULL,
    workspace  TEXT   NOT NULL,
    owner      BIGINT NOT NULL,
    body       BYTEA  NOT NULL,
    created    BIGINT NOT NULL
);

CREATE TABLE calls (
    mock     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    at       BIGINT NOT NULL, -- microseconds since 1970
    method   TEXT   NOT NULL,
    path     TEXT   NOT NULL,
    status   BIGINT NOT NULL,
    type     TEXT   NOT NULL, -- success, error
    record   BYTEA  NOT NULL,
    PRIMARY KEY (mock, id)
);
-- One for each filter of the log, in the order that it is read in. What most
-- calls have alike is left out: a page of it is full soon, and writes are many.
CREATE INDEX calls_by_time ON calls (mock, at, id);
CREATE INDEX calls_by_path ON calls (mock, path, at, id);
CREATE INDEX calls_by_status ON calls (mock, status, at, id) WHERE status <> 200;
CREATE INDEX calls_by_type ON calls (mock, type, at, id) WHERE type <> 'success';
CREATE INDEX calls_by_method ON calls (mock, method, at, id) WHERE method <> 'GET';

-- +goose Down
DROP TABLE calls;
DROP TABLE runs;
DROP TABLE tags;
DROP TABLE comments;
DROP TABLE tasks;
DROP TABLE access_keys;
DROP TABLE server_responses;
DROP TABLE mocks;
DROP TABLE spec_links;
DROP TABLE spec_versions;
DROP TABLE spec_files;
DROP TABLE specs;
DROP TABLE environments;
DROP TABLE collections;
DROP TABLE workspaces;
DROP TABLE server_values;
DROP TABLE changes;
DROP TABLE revision;
