import GRDB
import Model

/// The tables, as migrations that are never changed once they are released; a change of the schema is a new one.
///
/// Times are milliseconds since 1970 in UTC. docs/states.md draws what `job.state` and `delivery.state` may hold.
enum Schema {
  /// Since this one a mark stands beside the database (`StoreMark`).
  static let markedSince = "2"

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: version1) }
    migrator.registerMigration("2") { try $0.execute(sql: version2) }
    migrator.registerMigration("3") { db in
      try db.execute(sql: version3)
      try NumberLikeness.fill(db)
      try bringOccasionsIntoKeyForm(db)
    }
    return migrator
  }

  private static let version1 = """
    -- One row: who this store is. `epoch` changes when the store is restored or copied; event ids carry it.
    CREATE TABLE store (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      identity TEXT NOT NULL,
      epoch TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      trimmed INTEGER NOT NULL DEFAULT 0  -- the newest event that was dropped
    );

    -- The content of an invoice at one time (JSON, sorted keys); a delivery pins one.
    CREATE TABLE revision (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL,
      content TEXT NOT NULL
    );
    CREATE INDEX revision_number ON revision (number);

    -- The catalogue.
    CREATE TABLE invoice (
      number TEXT PRIMARY KEY,
      revision INTEGER NOT NULL REFERENCES revision (id),
      cct TEXT NOT NULL,
      period TEXT NOT NULL,
      sent_at INTEGER,            -- another system sent it
      held TEXT,                  -- a person's reason
      receipt TEXT,               -- what the record stage wrote; decides nothing
      updated_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX invoice_cct ON invoice (cct);
    CREATE INDEX invoice_period ON invoice (period);

    CREATE TABLE job (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      request TEXT NOT NULL UNIQUE,
      parameters TEXT NOT NULL,   -- what the request asked for, to tell a repetition from a reuse
      pipeline TEXT NOT NULL,
      occasion TEXT NOT NULL,
      filter TEXT NOT NULL,
      test_to TEXT,
      exclusive INTEGER NOT NULL, -- its deliveries claim their invoices
      cancelling INTEGER NOT NULL DEFAULT 0,
      state TEXT NOT NULL,
      total INTEGER NOT NULL DEFAULT 0,
      sent INTEGER NOT NULL DEFAULT 0,
      failed INTEGER NOT NULL DEFAULT 0,
      skipped INTEGER NOT NULL DEFAULT 0,
      unknown INTEGER NOT NULL DEFAULT 0,
      cancelled INTEGER NOT NULL DEFAULT 0,
      open INTEGER NOT NULL DEFAULT 0,
      already INTEGER NOT NULL DEFAULT 0,
      started_uid INTEGER NOT NULL,
      started_name TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      CHECK (sent + failed + skipped + unknown + cancelled + open = total)
    );
    CREATE INDEX job_unfinished ON job (pipeline) WHERE state NOT IN ('completed', 'cancelled');

    CREATE TABLE delivery (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      job INTEGER NOT NULL REFERENCES job (id),
      position INTEGER NOT NULL,
      number TEXT NOT NULL,
      revision INTEGER NOT NULL REFERENCES revision (id),
      pipeline TEXT NOT NULL,
      occasion TEXT NOT NULL,
      exclusive INTEGER NOT NULL,
      state TEXT NOT NULL,
      attempt INTEGER NOT NULL DEFAULT 0,      -- how often `sending` was committed
      tries INTEGER NOT NULL DEFAULT 0,        -- failures that count towards the bound
      preparation INTEGER NOT NULL DEFAULT 0,  -- n of the delivery key
      token TEXT,
      unclear INTEGER NOT NULL DEFAULT 0,      -- attempts with this token that ended unclear
      ask INTEGER NOT NULL DEFAULT 0,          -- unknown, and only a person can decide
      not_before INTEGER,
      sending_at INTEGER,
      code TEXT,
      detail TEXT,
      receipt TEXT,
      updated_at INTEGER NOT NULL,
      UNIQUE (job, position)
    );
    CREATE UNIQUE INDEX claim ON delivery (pipeline, occasion, number)
      WHERE exclusive AND state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded');
    CREATE INDEX delivery_number ON delivery (number);
    CREATE INDEX delivery_work ON delivery (pipeline, position, id) WHERE state IN ('pending', 'prepared');
    CREATE INDEX delivery_job_state ON delivery (job, state);
    -- One for each question that the runner asks after every commit; deliveries are kept for good. SQLite takes a
    -- partial index only where the query repeats its condition.
    CREATE INDEX delivery_sending ON delivery (id) WHERE state = 'sending';
    CREATE INDEX delivery_unknown ON delivery (pipeline, id) WHERE state = 'unknown' AND ask = 0;
    CREATE INDEX delivery_unrecorded ON delivery (pipeline, id) WHERE state = 'sent';
    CREATE INDEX delivery_later ON delivery (pipeline, not_before) WHERE not_before IS NOT NULL;

    -- Of a job, or of the sender of a pipeline.
    CREATE TABLE hold (
      id INTEGER PRIMARY KEY,
      job INTEGER REFERENCES job (id),
      pipeline TEXT,
      kind TEXT NOT NULL,
      code TEXT,
      detail TEXT NOT NULL,
      since INTEGER NOT NULL,
      until INTEGER,              -- ends by itself at this time
      CHECK ((job IS NULL) <> (pipeline IS NULL))
    );
    CREATE UNIQUE INDEX hold_job ON hold (job, kind) WHERE job IS NOT NULL;
    CREATE UNIQUE INDEX hold_pipeline ON hold (pipeline, kind) WHERE pipeline IS NOT NULL;

    -- One row for each `sending` commit of the last 24 hours: the sender's daily count.
    CREATE TABLE sending (
      pipeline TEXT NOT NULL,
      at INTEGER NOT NULL
    );
    CREATE INDEX sending_at ON sending (pipeline, at);

    -- The event log; `json` is passed on as it stands.
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      job INTEGER NOT NULL,
      json TEXT NOT NULL
    );
    CREATE INDEX event_job ON event (job, seq);

    -- Who did what.
    CREATE TABLE action (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      uid INTEGER NOT NULL,
      name TEXT NOT NULL,
      verb TEXT NOT NULL,
      job INTEGER,
      position INTEGER,
      number TEXT,
      detail TEXT
    );

    -- Rows of imports and numbers of selections that are not applied yet; emptied at start.
    CREATE TABLE staged_invoice (
      import TEXT NOT NULL,
      line INTEGER NOT NULL,
      number TEXT NOT NULL,
      cct TEXT NOT NULL,
      period TEXT NOT NULL,
      content TEXT NOT NULL,
      sent_at INTEGER,
      PRIMARY KEY (import, number)
    ) WITHOUT ROWID;
    CREATE TABLE staged_problem (
      import TEXT NOT NULL,
      line INTEGER NOT NULL,
      field TEXT,
      code TEXT NOT NULL,
      value TEXT NOT NULL
    );
    CREATE INDEX staged_problem_import ON staged_problem (import, line);
    CREATE TABLE staged_selection (
      selection TEXT NOT NULL,
      number TEXT NOT NULL,
      PRIMARY KEY (selection, number)
    ) WITHOUT ROWID;
    """

  private static let version2 = """
    -- Set in a copy alone, by whoever makes it: the store that opens with it was restored from that copy.
    ALTER TABLE store ADD COLUMN copied_at INTEGER;

    -- The sent delivery whose claim this one took over (`--resend`), and gives back when it is not sent itself.
    ALTER TABLE delivery ADD COLUMN resends INTEGER REFERENCES delivery (id);
    """

  private static let version3 = """
    -- Of numbers that look the same (`NumberLikeness`), and of invoices with the same PDF: an import warns of them.
    ALTER TABLE invoice ADD COLUMN likeness TEXT;
    ALTER TABLE invoice ADD COLUMN file_sha256 TEXT;
    UPDATE invoice SET file_sha256 =
      (SELECT json_extract(content, '$.file.sha256') FROM revision WHERE revision.id = invoice.revision);
    CREATE INDEX invoice_likeness ON invoice (likeness, number);
    CREATE INDEX invoice_file ON invoice (file_sha256, cct, number);
    DROP TABLE staged_invoice;
    CREATE TABLE staged_invoice (
      import TEXT NOT NULL,
      line INTEGER NOT NULL,
      number TEXT NOT NULL,
      cct TEXT NOT NULL,
      period TEXT NOT NULL,
      content TEXT NOT NULL,
      sent_at INTEGER,
      likeness TEXT NOT NULL,
      file_sha256 TEXT NOT NULL,
      PRIMARY KEY (import, number)
    ) WITHOUT ROWID;
    CREATE INDEX staged_invoice_likeness ON staged_invoice (import, likeness, number);
    CREATE INDEX staged_invoice_file ON staged_invoice (import, file_sha256, cct, number);
    ALTER TABLE staged_problem ADD COLUMN is_warning INTEGER NOT NULL DEFAULT 0;

    -- What the sender of a pipeline waits for; it ends by itself.
    CREATE TABLE wait (
      pipeline TEXT PRIMARY KEY,
      code TEXT NOT NULL,
      detail TEXT NOT NULL,
      since INTEGER NOT NULL,
      until INTEGER               -- NULL: nobody named a time
    ) WITHOUT ROWID;

    -- Unknown, and looked at again and again, but nothing can be found out before a person removes the cause.
    ALTER TABLE delivery ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX delivery_looking ON delivery (job) WHERE state = 'unknown' AND ask = 0 AND blocked = 0;

    -- Raised by every change that must not be forgotten; the mark beside the database has it too (`StoreMark`).
    ALTER TABLE store ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
    -- When the commit was made before the first attempt with the token that may have sent it, as JSON (`Moment`).
    ALTER TABLE delivery ADD COLUMN sending_since TEXT;

    -- Claims hang on the series of a pipeline, which outlasts its name. One row for each pipeline that has begun.
    CREATE TABLE series (
      pipeline TEXT PRIMARY KEY,
      series TEXT NOT NULL,
      decided INTEGER NOT NULL,         -- the store's generation when the pipeline began with it
      seen INTEGER NOT NULL DEFAULT 0,  -- the same when a configuration last named the pipeline
      anew INTEGER NOT NULL DEFAULT 0   -- it was begun by `series: new`
    ) WITHOUT ROWID;
    INSERT INTO series (pipeline, series, decided) SELECT DISTINCT pipeline, pipeline, 0 FROM job WHERE exclusive;
    ALTER TABLE job ADD COLUMN series TEXT NOT NULL DEFAULT '';
    UPDATE job SET series = pipeline;
    ALTER TABLE delivery ADD COLUMN series TEXT NOT NULL DEFAULT '';
    UPDATE delivery SET series = pipeline;
    DROP INDEX claim;
    CREATE UNIQUE INDEX claim ON delivery (series, occasion, number)
      WHERE exclusive AND state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded');

    ALTER TABLE delivery RENAME COLUMN unclear TO unknown;
    -- A job is selected in the transaction that makes it.
    DROP TABLE staged_selection;
    -- Of the message that `token` was prepared from.
    ALTER TABLE delivery ADD COLUMN message_sha256 TEXT;
    -- Names of the record stages that have the receipt while others do not, as JSON.
    ALTER TABLE delivery ADD COLUMN recorded_by TEXT;
    -- A record stage wrote it, and nothing read it.
    ALTER TABLE invoice DROP COLUMN receipt;

    -- Why invoices that matched were left out of a job, beside `already`: what was really sent.
    ALTER TABLE job ADD COLUMN in_other_jobs INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN to_check INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN marked_sent INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE other_job (
      job INTEGER NOT NULL REFERENCES job (id),
      other INTEGER NOT NULL REFERENCES job (id),
      invoices INTEGER NOT NULL,
      PRIMARY KEY (job, other)
    ) WITHOUT ROWID;

    -- A list of no numbers matches nothing now; it meant any number.
    UPDATE job SET filter = json_remove(filter, '$.numbers'), parameters = json_remove(parameters, '$.filter.numbers')
      WHERE json_array_length(filter, '$.numbers') = 0;

    -- What is to be done is looked for job by job, so that a paused one costs nothing.
    DROP INDEX delivery_work;
    CREATE INDEX delivery_open ON delivery (job, position) WHERE state IN ('pending', 'prepared');

    -- The history of one job and of one invoice.
    CREATE INDEX action_job ON action (job) WHERE job IS NOT NULL;
    CREATE INDEX action_number ON action (number) WHERE number IS NOT NULL;

    -- The deliveries of one state in the order of a list.
    DROP INDEX delivery_job_state;
    CREATE INDEX delivery_job_state ON delivery (job, state, position);
    """

  /// What is claimed in both forms keeps the old one, and with it no invoice is due again.
  private static func bringOccasionsIntoKeyForm(_ db: Database) throws {
    for occasion in try String.fetchAll(db, sql: "SELECT DISTINCT occasion FROM job")
    where occasion != occasion.keyForm {
      for table in ["job", "delivery"] {
        try db.execute(
          sql: "UPDATE OR IGNORE \(table) SET occasion = ? WHERE occasion = ?", arguments: [occasion.keyForm, occasion])
      }
    }
  }
}
