-- +goose Up

-- As for SQLite, but divided by days: old calls are dropped with their day.
-- Head and records are packed already.
CREATE TABLE call_blocks (
    mock    TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    day     BIGINT NOT NULL,
    first   BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    calls   BIGINT NOT NULL,
    parts   TEXT   NOT NULL,
    head    BYTEA  NOT NULL,
    records BYTEA  NOT NULL,
    PRIMARY KEY (mock, id, day)
) PARTITION BY RANGE (day);
ALTER TABLE call_blocks ALTER COLUMN head SET STORAGE EXTERNAL;
ALTER TABLE call_blocks ALTER COLUMN records SET STORAGE EXTERNAL;
CREATE INDEX call_blocks_by_mock ON call_blocks (mock, last, id);
CREATE INDEX call_blocks_by_time ON call_blocks (last, id);
DROP TABLE calls;

-- +goose Down
DROP TABLE call_blocks;
CREATE TABLE calls (
    mock     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    method   TEXT   NOT NULL,
    path     TEXT   NOT NULL,
    status   BIGINT NOT NULL,
    type     TEXT   NOT NULL,
    record   BYTEA  NOT NULL,
    PRIMARY KEY (mock, id)
);
