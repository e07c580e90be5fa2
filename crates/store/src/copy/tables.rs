//! What is copied into what: a table of PostgreSQL for each, and the query of the file that gives its rows.

/// How a value is taken out of the file, and what it is in the database.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// An integer, and its type there.
    Number(&'static str),
    /// Bytes, or text that somebody chose.
    Bytes,
    /// Words of ours.
    Text,
    /// 16 bytes.
    Uuid,
}

/// A column.
pub(super) struct Column {
    /// Its name there.
    pub(super) name: &'static str,
    /// What the file has for it.
    pub(super) from: &'static str,
    pub(super) kind: Kind,
}

/// A table.
pub(super) struct Table {
    /// Its name there.
    pub(super) name: &'static str,
    /// What the file has for it.
    pub(super) from: &'static str,
    pub(super) columns: &'static [Column],
}

const BIG: Kind = Kind::Number("bigint");
const INT: Kind = Kind::Number("integer");
const SMALL: Kind = Kind::Number("smallint");
const FLAG: Kind = Kind::Number("boolean");

const fn same(name: &'static str, kind: Kind) -> Column {
    Column { name, from: name, kind }
}

const fn column(name: &'static str, from: &'static str, kind: Kind) -> Column {
    Column { name, from, kind }
}

/// All that are copied row by row, in this order. Beside them are `totals` ([`super::totals`]), `waiting_counts`, which is counted
/// there, the number of turns, and what nodes tell each other, which is worth nothing on another day.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "api_keys",
        from: "api_keys",
        columns: &[
            same("name", Kind::Bytes),
            same("can_run", FLAG),
            same("can_read", FLAG),
            same("can_admin", FLAG),
            same("requests_per_minute", BIG),
            same("cpu_seconds_per_day", BIG),
            same("running", BIG),
            same("result_days", BIG),
            same("made_at", BIG),
            same("expires_at", BIG),
            same("revoked_at", BIG),
        ],
    },
    Table {
        name: "key_secrets",
        from: "key_secrets",
        columns: &[
            same("digest", Kind::Bytes),
            same("name", Kind::Bytes),
            same("public_part", Kind::Text),
            same("made_at", BIG),
            same("valid_until", BIG),
        ],
    },
    Table {
        name: "callback_secrets",
        from: "callback_secrets",
        columns: &[
            same("owner", Kind::Bytes),
            same("secret", Kind::Bytes),
            same("previous", Kind::Bytes),
            same("previous_until", BIG),
        ],
    },
    Table {
        name: "submissions",
        from: "submissions",
        columns: &[
            same("place", BIG),
            same("id", Kind::Uuid),
            same("owner", Kind::Bytes),
            same("language", Kind::Bytes),
            same("class", SMALL),
            same("student", Kind::Bytes),
            same("callback_url", Kind::Bytes),
            same("no_store", FLAG),
            same("batch", Kind::Uuid),
            same("batch_index", INT),
            same("submitted_at", BIG),
        ],
    },
    // What ran waits, with its number of attempts and the wish to cancel it.
    Table {
        name: "queue",
        from: "submissions WHERE state IN ('queued', 'running')",
        columns: &[
            same("place", BIG),
            same("id", Kind::Uuid),
            same("owner", Kind::Bytes),
            same("language", Kind::Bytes),
            same("class", SMALL),
            same("fence", BIG),
            same("cancel_asked", FLAG),
        ],
    },
    Table { name: "payloads", from: "payloads", columns: &[same("place", BIG), same("body", Kind::Bytes)] },
    Table {
        name: "reports",
        from: "reports",
        columns: &[same("place", BIG), same("body", Kind::Bytes), same("finished_at", BIG)],
    },
    Table { name: "passing_reports", from: "passing_reports", columns: &[same("place", BIG), same("delete_at", BIG)] },
    Table {
        name: "callbacks",
        from: "callbacks",
        columns: &[
            same("place", BIG),
            same("owner", Kind::Bytes),
            same("url", Kind::Bytes),
            same("state", Kind::Text),
            same("tries", INT),
            same("fence", BIG),
            same("next_at", BIG),
            same("last_error", Kind::Bytes),
        ],
    },
    Table {
        name: "queues",
        from: "queues",
        columns: &[same("class", SMALL), same("owner", Kind::Bytes), same("served", BIG)],
    },
    Table {
        name: "idempotency_keys",
        from: "idempotency_keys",
        columns: &[
            same("owner", Kind::Bytes),
            same("key", Kind::Bytes),
            same("request", Kind::Bytes),
            same("batch", Kind::Uuid),
            same("submissions", Kind::Bytes),
            same("expires_at", BIG),
        ],
    },
    Table {
        name: "usage_by_day",
        from: "usage_by_day",
        columns: &[
            same("owner", Kind::Bytes),
            same("day", INT),
            same("verdict", Kind::Text),
            column("shard", "0", SMALL),
            same("submissions", BIG),
            same("runs", BIG),
            same("cpu_time", BIG),
        ],
    },
    Table {
        name: "history_finished",
        from: "history_finished",
        columns: &[
            same("width", INT),
            same("start", BIG),
            same("language", Kind::Bytes),
            same("verdict", Kind::Text),
            same("submissions", BIG),
        ],
    },
    Table {
        name: "history_times",
        from: "history_times",
        columns: &[
            same("width", INT),
            same("start", BIG),
            same("kind", Kind::Text),
            same("bucket", INT),
            same("times", BIG),
        ],
    },
    Table {
        name: "history_levels",
        from: "history_levels",
        columns: &[
            same("width", INT),
            same("start", BIG),
            same("queued", BIG),
            same("running", BIG),
            same("server_memory", BIG),
            same("box_memory", BIG),
        ],
    },
    Table {
        name: "recent_submissions",
        from: "recent_submissions",
        columns: &[
            same("place", BIG),
            same("id", Kind::Uuid),
            same("owner", Kind::Bytes),
            same("language", Kind::Bytes),
            same("mode", Kind::Text),
            same("inputs", BIG),
            same("verdict", Kind::Text),
            same("queue_time", BIG),
            same("execution_time", BIG),
            same("finished_at", BIG),
        ],
    },
];
