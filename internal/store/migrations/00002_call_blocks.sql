-- +goose Up

-- Calls are kept in blocks: each has some hundred calls of one mock, in the
-- order of their ids, with a head that says where which is. Calls are many, so
-- that a row for each, with an index for each filter, would cost more than to
-- answer them.
CREATE TABLE call_blocks (
    mock    TEXT   NOT NULL,
    id      TEXT   NOT NULL, -- of its first call, so that it begins with the time
    day     BIGINT NOT NULL, -- of its first call, since 1970
    first   BIGINT NOT NULL, -- microseconds since 1970
    last    BIGINT NOT NULL,
    calls   BIGINT NOT NULL,
    parts   TEXT   NOT NULL, -- the ids of the blocks that it was made of; "" where it came as it is
    head    BYTEA  NOT NULL,
    records BYTEA  NOT NULL,
    PRIMARY KEY (mock, id)
);
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
