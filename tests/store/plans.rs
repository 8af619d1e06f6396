//! No statement reads a table that grows for ever as a whole: both engines are asked how they would go about each.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use ringcard::store::location::StoreLocation;

use crate::place::{Place, STATEMENTS, ask};

const GROWING: [&str; 8] =
    ["call", "contact", "webhook", "delivery", "client_number", "call_figure", "missed_episode", "search_text"];
/// Read whole on purpose, by an index: what an admin is told to be kept.
const COUNTED: &str = "SELECT COUNT(*) FROM call_figure";
/// Those that ask for other tables, or for the store itself.
const NO_TABLES: [&str; 5] = ["engine", "files", "lanes", "plans", "power"];

/// Every statement of the tables, as the contract tests run them: `tests/architecture` sees to it that they run all.
fn statements() -> BTreeSet<String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("statements");
    let skipped = NO_TABLES.iter().flat_map(|name| ["--skip", name]);
    let tests = Command::new(std::env::current_exe().unwrap())
        .args(skipped)
        .env(STATEMENTS, &file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(tests.success(), "the contract tests fail");
    let log = std::fs::read_to_string(file).unwrap();
    let sql = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["fields"]["sql"].as_str().unwrap().to_owned()
    };
    // Tests prepare what they look at with statements of their own; they read nothing that grows.
    let mut statements: BTreeSet<_> = log.lines().map(sql).collect();
    assert!(statements.remove(COUNTED));
    assert!(statements.len() > 100, "only {} statements were heard of", statements.len());
    statements
}

/// What this statement calls each growing table.
fn names(sql: &str) -> BTreeSet<String> {
    let words: Vec<_> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let mut names = BTreeSet::new();
    for pair in words.windows(2).filter(|pair| GROWING.contains(&pair[0])) {
        names.extend(pair.iter().filter(|name| name.chars().all(|c| !c.is_uppercase())).map(|name| (*name).to_owned()));
    }
    names.extend(words.last().filter(|last| GROWING.contains(last)).map(|last| (*last).to_owned()));
    names
}

#[test]
fn names_are_told_from_other_words() {
    let found =
        names("SELECT c.id FROM contact_phone n JOIN contact c ON c.id = n.contact_id WHERE 1 = (SELECT 1 FROM call)");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["c", "call", "contact"]);
}

/// The lines of a plan of SQLite that read something growing from end to end.
fn scans_of_sqlite(sql: &str, plan: &[String], partial: &[String]) -> Vec<String> {
    let names = names(sql);
    let is_whole = |line: &&String| {
        let mut words = line.split(' ');
        words.next() == Some("SCAN")
            && words.next().is_some_and(|table| names.contains(table))
            && !partial.iter().any(|index| line.ends_with(&format!(" INDEX {index}")))
    };
    plan.iter().filter(is_whole).cloned().collect()
}

/// Whether a SELECT of it asks for the first and the last of something at once: SQLite then reads all that is between.
fn asks_for_both_ends(sql: &str) -> bool {
    sql.split("SELECT ").any(|one| one.contains("MIN(") && one.contains("MAX(") && !one.contains("CASE"))
}

#[test]
fn sqlite_reads_nothing_whole() {
    let place = Place::sqlite();
    drop(place.open());
    let connection = rusqlite::Connection::open(place.file()).unwrap();
    let texts = |sql: &str, column: usize| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let rows = statement.raw_query().mapped(|row| row.get(column)).collect::<Result<_, _>>();
        rows.unwrap()
    };
    let partial = texts("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%) WHERE %'", 0);
    let mut whole = Vec::new();
    for sql in statements() {
        let plain = sql.replace('$', "?").replace("FOR NO KEY UPDATE", "");
        let plan = texts(&format!("EXPLAIN QUERY PLAN {plain}"), 3);
        whole.extend(scans_of_sqlite(&sql, &plan, &partial).into_iter().map(|line| format!("{line}:\n{sql}")));
        whole.extend(asks_for_both_ends(&sql).then(|| format!("both ends at once:\n{sql}")));
    }
    assert!(whole.is_empty(), "{} statements read whole:\n{}", whole.len(), whole.join("\n\n"));
    assert!(asks_for_both_ends("SELECT MIN(id), MAX(id) FROM call WHERE id > $1"));
    let planted = texts("EXPLAIN QUERY PLAN SELECT id FROM call c WHERE c.note = 'x' ORDER BY c.id", 3);
    assert_eq!(scans_of_sqlite("SELECT id FROM call c WHERE", &planted, &partial).len(), 1, "{planted:?}");
}

/// Enough rows for a plan to matter, and no statistics: as a store stands after its first busy day.
const ROWS: &str = "
    ALTER TABLE call SET (autovacuum_enabled = off);
    ALTER TABLE contact SET (autovacuum_enabled = off);
    ALTER TABLE webhook SET (autovacuum_enabled = off);
    ALTER TABLE delivery SET (autovacuum_enabled = off);
    ALTER TABLE client_number SET (autovacuum_enabled = off);
    ALTER TABLE call_figure SET (autovacuum_enabled = off);
    ALTER TABLE missed_episode SET (autovacuum_enabled = off);
    ALTER TABLE search_text SET (autovacuum_enabled = off);
    INSERT INTO integration (id, kind, name, settings, created_ms) VALUES ('i', 'cloud-pbx', 'i', '{}', 0);
    INSERT INTO call (id, integration_id, callid, facts, rev, direction, state, phone, started_ms, note, note_rev, outcome)
    SELECT 'id' || n, 'i', 'callid' || n, repeat('x', 500), 1, 'in', 'answered', '+7' || n % 3000, n, '', 0, ''
    FROM generate_series(1, 30000) n;
    INSERT INTO contact (id, name, company, email, note, tags, kind, vip, alert, created_ms, updated_ms, talked_ms,
                         same_key)
    SELECT 'id' || n, 'n', '', '', '', '[]', 'client', 0, '', n, n, n, '' FROM generate_series(1, 30000) n;
    INSERT INTO webhook (id, integration_id, received_ms, cmd, content_type, body, status, detail)
    SELECT 'id' || n, 'i', n, 'event', '', repeat('x', 200), 200, '' FROM generate_series(1, 30000) n;
    INSERT INTO delivery (id, integration_id, call_id, state, tries, error, answer, created_ms, changed_ms)
    SELECT 'id' || n, 'i', 'id' || n, 'sent', 1, '', '', n, n FROM generate_series(1, 30000) n;
    INSERT INTO client_number (number, id, rev, misses, reason, blocked_why)
    SELECT '+7' || n, 'id' || n, 1, 0, '', '' FROM generate_series(1, 30000) n;
    INSERT INTO call_figure (call_id, started_ms, direction, state, phone, talk_s, outcome, legs)
    SELECT 'id' || n, n, 'in', 'answered', '+7' || n % 3000, 0, '', '[]' FROM generate_series(1, 30000) n;
    INSERT INTO missed_episode (call_id, number, first_ms, misses)
    SELECT 'id' || n, '+7' || n % 3000, n, 1 FROM generate_series(1, 30000) n;
    INSERT INTO search_text (id, owner_id, text) SELECT n, 'id' || n, repeat('x', 50) FROM generate_series(1, 30000) n";

/// The lines of a plan of PostgreSQL that read something growing from end to end.
fn scans_of_postgres(plan: &[String], partial: &[String]) -> Vec<String> {
    let mut whole = Vec::new();
    for (at, line) in plan.iter().enumerate() {
        let is_of = |table: &str| line.contains(&format!(" on {table} ")) || line.contains(&format!(" on {table}  "));
        if GROWING.iter().any(|table| is_of(table)) && line.contains("Seq Scan") {
            whole.push(line.clone());
        }
        let has_condition = plan.get(at + 1).is_some_and(|next| next.contains("Index Cond"));
        let is_partial = partial.iter().any(|index| line.contains(&format!(" {index} ")));
        let is_index = line.contains("Index Scan") || line.contains("Index Only Scan");
        let is_growing = GROWING
            .iter()
            .any(|table| line.contains(&format!(" on {table} ")) || line.contains(&format!(" on {table}_")));
        if is_index && is_growing && !has_condition && !is_partial {
            whole.push(line.clone());
        }
    }
    whole
}

#[test]
#[ignore = "needs PostgreSQL"]
fn postgresql_reads_nothing_whole_even_when_it_knows_nothing() {
    let place = Place::postgres();
    drop(place.open());
    let StoreLocation::Postgres(address) = &place.location else { panic!("PostgreSQL") };
    ask(address.clone(), vec![ROWS.to_owned()]);
    let texts = |sql: &[&str]| {
        let generic = ["SET plan_cache_mode = force_generic_plan"];
        ask(address.clone(), generic.iter().chain(sql).map(|&sql| sql.to_owned()).collect())
    };
    let partial = texts(&[
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL",
    ]);
    let mut whole = Vec::new();
    for sql in statements() {
        let count = (1..).find(|n| !sql.contains(&format!("${n}"))).unwrap() - 1;
        let nulls = if count == 0 { String::new() } else { format!("({})", vec!["NULL"; count].join(", ")) };
        let plan = texts(&[&format!("PREPARE one AS {sql}"), &format!("EXPLAIN EXECUTE one{nulls}")]);
        whole.extend(
            scans_of_postgres(&plan, &partial).into_iter().map(|line| format!("{line}:\n{sql}\n{}", plan.join("\n"))),
        );
    }
    assert!(whole.is_empty(), "{} statements read whole:\n{}", whole.len(), whole.join("\n\n"));
    let planted = texts(&["EXPLAIN SELECT id FROM call WHERE note = 'x'"]);
    assert_eq!(scans_of_postgres(&planted, &partial).len(), 1, "{planted:?}");
}
