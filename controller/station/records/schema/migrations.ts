/**
 * The way of the tables, forward only. A migration that was ever released is never edited: a change is a new entry.
 * `PRAGMA user_version` says how many a file has had.
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE patients (
      id TEXT PRIMARY KEY,
      display_name TEXT NOT NULL,
      birth_date TEXT NOT NULL,
      record_number TEXT NOT NULL UNIQUE,
      diagnosis TEXT NOT NULL,
      sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other')),
      height_m REAL NOT NULL,
      mass_kg REAL NOT NULL,
      demo INTEGER NOT NULL CHECK (demo IN (0, 1))
    ) STRICT`,
    `CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      patient_id TEXT NOT NULL REFERENCES patients (id),
      profile_id TEXT NOT NULL,
      started_at TEXT NOT NULL,
      ended_at TEXT,
      status TEXT NOT NULL CHECK (status IN ('recording', 'sealed', 'recovered', 'lost')),
      log_path TEXT NOT NULL,
      sha256 TEXT,
      simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
      note TEXT NOT NULL DEFAULT '',
      steps INTEGER,
      distance_m REAL,
      duration_sec REAL,
      metrics TEXT,
      curves TEXT
    ) STRICT`,
    'CREATE INDEX sessions_by_start ON sessions (started_at DESC)',
    'CREATE INDEX sessions_by_patient ON sessions (patient_id, started_at DESC)',
    `CREATE TABLE session_events (
      session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,
      at_sec REAL NOT NULL,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      old_value TEXT,
      new_value TEXT,
      cause TEXT,
      actor TEXT,
      reason TEXT,
      PRIMARY KEY (session_id, ordinal)
    ) STRICT`,
    'CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT',
  ],
  [
    'ALTER TABLE session_events ADD COLUMN stop TEXT',
    `CREATE TABLE stops (
      id INTEGER PRIMARY KEY,
      session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL,
      profile_id TEXT NOT NULL,
      measured_at TEXT NOT NULL,
      cause TEXT NOT NULL,
      joint_id TEXT,
      figures TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX stops_by_time ON stops (measured_at DESC)',
  ],
  [
    `CREATE TABLE trajectories (
      id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      made_at TEXT NOT NULL,
      trajectory TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX trajectories_by_session ON trajectories (session_id)',
  ],
  [
    `CREATE TABLE entered_walks (
      id TEXT PRIMARY KEY,
      patient_id TEXT NOT NULL REFERENCES patients (id),
      kind TEXT NOT NULL CHECK (kind IN ('walk10m', 'walk6min')),
      value REAL NOT NULL,
      aid TEXT NOT NULL,
      walked_on TEXT NOT NULL,
      entered_at TEXT NOT NULL,
      actor TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX entered_walks_by_patient ON entered_walks (patient_id, walked_on DESC)',
  ],
];
