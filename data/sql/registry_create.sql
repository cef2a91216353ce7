-- The registry and what setup and start keep in a database of the
-- destination; see src/registry.h and src/load.h. One statement: all or none.
CREATE SCHEMA pgrepup
    CREATE TABLE change (
        id bigserial PRIMARY KEY,
        kind text NOT NULL,
        schema text NOT NULL DEFAULT '',
        name text NOT NULL,
        part text NOT NULL DEFAULT '',
        old_value text,
        new_value text,
        state text NOT NULL,
        recorded timestamp with time zone NOT NULL DEFAULT now(),
        UNIQUE (kind, schema, name, part)
    )
    CREATE TABLE load (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        state text NOT NULL,
        upgrade text NOT NULL,
        created boolean NOT NULL,
        run text,
        slot text,
        lsn text,
        handed_over text,
        first_barrier bigint,
        tables bigint NOT NULL DEFAULT 0,
        total_bytes bigint NOT NULL DEFAULT 0,
        changed timestamp with time zone NOT NULL DEFAULT now()
    )
    CREATE TABLE load_table (
        schema text NOT NULL,
        name text NOT NULL,
        rows bigint NOT NULL,
        bytes bigint NOT NULL,
        filenode text,
        altered text,
        changes bigint,
        columns text,
        PRIMARY KEY (schema, name)
    )
    CREATE TABLE barrier (
        n bigint PRIMARY KEY,
        made timestamp with time zone NOT NULL DEFAULT now()
    )
    CREATE TABLE schema_copied (
        id bigserial PRIMARY KEY, -- else FOR ALL TABLES forbids DELETE
        part text NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        definition text
    )
    CREATE TABLE restored (
        key text PRIMARY KEY,
        done timestamp with time zone NOT NULL DEFAULT now()
    )
