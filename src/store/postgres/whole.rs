//! A whole database, to be moved from or into.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error};

use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::moving::end::{
    AGAIN, End, MAKE_NOTES, Moving, SOURCE, Side, half_made, not_empty, noted, read_noted,
};
use crate::store::moving::outline::{ColumnKind, Stretch, Table};
use crate::store::postgres::address::Address;
use crate::store::postgres::connection::read_row;
use crate::store::postgres::schema::{TRY_LOCK, bring_up, prepare_search};
use crate::store::postgres::wire::{Failure, Wire, describe};
use crate::store::value::{Row, Value};

/// All of a move; a server that is gone is noticed by its silence long before.
const LIMIT: Duration = Duration::from_secs(86_400);
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long a node that was stopped may take to be gone.
const GOING: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// The server's own limits are for statements of people's programs.
const SESSION: &str =
    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s';
                       SET maintenance_work_mem = '256MB'";
const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity
                      WHERE application_name = 'ringcard' AND datname = current_database() AND pid <> pg_backend_pid()";
const NOTE: &str = "INSERT INTO moving (name, state) VALUES ($1, $2)
                    ON CONFLICT (name) DO UPDATE SET state = excluded.state";
/// What no constraint needs.
const INDEXES: &str = "SELECT indexes.indexname, indexes.indexdef FROM pg_indexes indexes
                       WHERE indexes.schemaname = current_schema() AND indexes.tablename = $1
                         AND NOT EXISTS (SELECT 1 FROM pg_constraint rule
                                         JOIN pg_namespace space ON space.oid = rule.connamespace
                                         WHERE rule.conname = indexes.indexname AND space.nspname = current_schema())";
const PLACE: &str = "this PostgreSQL database";

pub struct Whole {
    wire: Wire,
}

impl Whole {
    /// Connects, keeps whoever would start to serve waiting, and makes sure that nobody serves.
    pub fn open(url: &str, side: Side) -> Moving<Self> {
        let wire = Address::parse(url)?.connect(Instant::now() + CONNECT_LIMIT).map_err(explain)?;
        let mut whole = Self { wire };
        whole.wire.deadline = Instant::now() + LIMIT;
        whole.ask(async |client| client.batch_execute(SESSION).await)?;
        whole.wait_for(TRY_LOCK, "another ringcard makes this store, or moves it: wait until it is done")?;
        whole.wait_for(
            &format!("SELECT ({OTHERS}) = 0"),
            "ringcard nodes are connected to this database: stop all of them first",
        )?;
        if side == Side::From {
            if !whole.exists("schema_version")? {
                return Err(OpenError::Refused(format!("{PLACE} holds no store of ringcard")));
            }
            let found = whole.ask(bring_up)?;
            let Some(found) = found else { return Err(half_made(PLACE)) };
            if found > migrations::LATEST {
                return Err(OpenError::Newer { found, known: migrations::LATEST });
            }
            whole.ask(async |client| client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await)?;
        }
        Ok(whole)
    }

    fn wait_for(&mut self, sql: &str, refusal: &str) -> Moving<()> {
        let until = Instant::now() + GOING;
        while !self.ask(async |client| client.query_one(sql, &[]).await?.try_get::<_, bool>(0))? {
            if Instant::now() > until {
                return Err(OpenError::Refused(refusal.to_owned()));
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn ask<T>(&mut self, question: impl AsyncFnOnce(&mut Client) -> Result<T, Error>) -> Moving<T> {
        self.wire.ask(question).map_err(explain)
    }

    fn exists(&mut self, table: &str) -> Moving<bool> {
        self.ask(async |client| client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table]).await?.try_get(0))
    }

    fn has_rows(&mut self, table: &str) -> Moving<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
        self.ask(async |client| client.query_one(&sql, &[]).await?.try_get(0))
    }

    fn note(&mut self, name: &str) -> Moving<Option<String>> {
        let sql = "SELECT state FROM moving WHERE name = $1";
        let found = self.ask(async |client| client.query_opt(sql, &[&name]).await)?;
        Ok(found.map(|row| row.get(0)))
    }
}

impl End for Whole {
    fn name(&mut self) -> Moving<String> {
        let sql = "SELECT current_database() || ' of ' || system_identifier FROM pg_control_system()";
        self.ask(async |client| client.query_one(sql, &[]).await?.try_get(0))
    }

    fn count(&mut self, table: &Table) -> Moving<u64> {
        let sql = format!("SELECT COUNT(*) FROM {}", table.name);
        let count: i64 = self.ask(async |client| client.query_one(&sql, &[]).await?.try_get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    fn walk(
        &mut self,
        table: &Table,
        stretch: Stretch,
        key: &[Value<'static>],
        heed: &mut dyn FnMut(Row) -> Moving<()>,
    ) -> Moving<()> {
        let sql = table.select(stretch, '$');
        let mut met = Ok(());
        self.ask(async |client| {
            let key = key.iter().map(|value| value as &(dyn ToSql + Sync));
            let mut rows = pin!(client.query_raw(&sql, key).await?);
            while let Some(row) = rows.try_next().await? {
                met = read_row(&row).map_err(|error| OpenError::Refused(error.to_string())).and_then(&mut *heed);
                if met.is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        met
    }

    fn begin(&mut self, tables: &[Table], from: &str) -> Moving<()> {
        if self.exists("moving")? {
            let is_ours = self.note(SOURCE)?.is_some_and(|noted| noted == from);
            return if is_ours { Ok(()) } else { Err(half_made(PLACE)) };
        }
        match self.ask(bring_up)? {
            None => return Err(half_made(PLACE)),
            Some(found) if found > migrations::LATEST => {
                return Err(OpenError::Newer { found, known: migrations::LATEST });
            }
            Some(_) => {}
        }
        // A server that was started once has left its link.
        for table in tables.iter().filter(|table| table.name != "setup_link") {
            if self.has_rows(&table.name)? {
                return Err(not_empty(&table.name, PLACE));
            }
        }
        self.ask(async |client| {
            let transaction = client.transaction().await?;
            transaction.batch_execute("DELETE FROM setup_link; DELETE FROM schema_version").await?;
            transaction.batch_execute(MAKE_NOTES).await?;
            for table in tables {
                for found in transaction.query(INDEXES, &[&table.name]).await? {
                    let (name, again): (String, String) = (found.try_get(0)?, found.try_get(1)?);
                    transaction.batch_execute(&format!("DROP INDEX {name}")).await?;
                    transaction.execute(NOTE, &[&format!("{AGAIN} {name}"), &again]).await?;
                }
            }
            transaction.execute(NOTE, &[&SOURCE, &from]).await?;
            transaction.commit().await
        })
    }

    fn reached(&mut self, table: &Table) -> Moving<Vec<Value<'static>>> {
        self.note(&table.name)?.map_or(Ok(Vec::new()), |text| read_noted(&text))
    }

    fn put(&mut self, table: &Table, rows: &[Row]) -> Moving<()> {
        let Some(last) = rows.last().map(|row| noted(table, row)) else { return Ok(()) };
        let sql = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", table.name, table.names());
        let kind = |kind| if kind == ColumnKind::Text { Type::TEXT } else { Type::INT8 };
        let kinds: Vec<Type> = table.columns.iter().map(|column| kind(column.kind)).collect();
        self.ask(async |client| {
            let transaction = client.transaction().await?;
            let mut writer = pin!(BinaryCopyInWriter::new(transaction.copy_in(&sql).await?, &kinds));
            for row in rows {
                writer.as_mut().write_raw(row.0.iter().map(|value| value as &(dyn ToSql + Sync))).await?;
            }
            writer.finish().await?;
            transaction.execute(NOTE, &[&table.name, &last]).await?;
            transaction.commit().await
        })
    }

    fn finish(&mut self, tables: &[Table]) -> Moving<()> {
        let sql = "SELECT name, state FROM moving WHERE name LIKE $1 ORDER BY name";
        let again = self.ask(async |client| client.query(sql, &[&format!("{AGAIN} %")]).await)?;
        for found in again {
            let (name, again): (String, String) = (found.get(0), found.get(1));
            self.ask(async |client| {
                let transaction = client.transaction().await?;
                transaction.batch_execute(&again).await?;
                transaction.execute("DELETE FROM moving WHERE name = $1", &[&name]).await?;
                transaction.commit().await
            })?;
        }
        self.ask(prepare_search)?;
        for table in tables {
            self.ask(async |client| client.batch_execute(&format!("ANALYZE {}", table.name)).await)?;
        }
        self.ask(async |client| {
            let transaction = client.transaction().await?;
            transaction.batch_execute("DROP TABLE moving").await?;
            transaction.execute("INSERT INTO schema_version (version) VALUES ($1)", &[&migrations::LATEST]).await?;
            transaction.commit().await
        })
    }

    fn keep_away(mut self: Box<Self>, tables: &[Table], stamp: &str) -> Moving<String> {
        let space = format!("moved_{}", stamp.replace('-', "_"));
        self.ask(async |client| {
            // Ends the transaction that has read everything.
            client.batch_execute("COMMIT").await?;
            let transaction = client.transaction().await?;
            transaction.batch_execute(&format!("CREATE SCHEMA {space}")).await?;
            for name in tables.iter().map(|table| table.name.as_str()).chain(["schema_version"]) {
                transaction.batch_execute(&format!("ALTER TABLE {name} SET SCHEMA {space}")).await?;
            }
            transaction.batch_execute(&format!("ALTER VIEW search_index SET SCHEMA {space}")).await?;
            transaction.commit().await
        })?;
        Ok(format!("the schema {space} of its database"))
    }
}

fn explain(failure: Failure) -> OpenError {
    OpenError::Refused(describe(&failure))
}
