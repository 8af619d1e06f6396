//! All that is kept of a person as a ZIP: written part by part while it is sent, so that its size costs no memory.

use std::io::Write;
use std::sync::Arc;

use futures_util::StreamExt;
use serde::Serialize;
use serde_json::{Value, json};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::app::App;
use crate::app::audit::{self, Note};
use crate::app::calls::row::facts_to_show;
use crate::app::clients::contacts;
use crate::app::desk::numbers::normal;
use crate::app::desk::person::Traces;
use crate::app::desk::view::Around;
use crate::app::directory::Directory;
use crate::app::recordings::vault::{Sound, Vault};
use crate::domain::audit::Action;
use crate::domain::outlet::Outlet;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::{calls, client_numbers, contact_changes, erasures, imports, promises, recordings, webhooks};
use crate::store::tx::Tx;
use crate::store::walk::PAST_EVERY_ID;

/// So many calls, or pushes, are read at once.
const AT_ONCE: usize = 50;
const LOOKED_AT: i64 = 500;

/// What is written next.
enum At {
    Himself,
    /// The call with this place in the list.
    Calls(usize),
    /// Pushes with ids before this one.
    Journal(String),
    /// Rows of this one of the files that came in.
    Files(usize),
    Recordings(usize),
    Playing(usize, Sound),
    End,
}

/// The file while it is written.
pub struct PersonFile {
    app: App,
    directory: Arc<Directory>,
    traces: Arc<Traces>,
    calls: Vec<String>,
    imports: Vec<String>,
    zip: Option<ZipWriter<StreamWriter<Outlet>>>,
    out: Outlet,
    /// Whether the list that is being written has a member already.
    has_member: bool,
    at: At,
}

impl PersonFile {
    /// Who took it away is kept, and not whose it was.
    ///
    /// # Errors
    /// `Invalid` when it is no number; what the store says.
    pub async fn begin(app: &App, number: &str) -> Result<Self> {
        let directory = app.directory().await?;
        let number = normal(&directory, number)?;
        let found = app.store.list(move |tx| Ok((Traces::of(tx, &number)?, erasures::list_imports(tx)?)));
        let (traces, imports) = found.await?;
        let calls = traces.calls.iter().cloned().collect();
        audit::keep(app, Note::new(app, Action::PersonExported)).await?;
        let out = Outlet::default();
        let zip = Some(ZipWriter::new_stream(out.clone()));
        Ok(Self {
            app: app.clone(),
            directory,
            traces: Arc::new(traces),
            calls,
            imports,
            zip,
            out,
            has_member: false,
            at: At::Himself,
        })
    }

    /// The next part; `None` behind its end.
    ///
    /// # Errors
    /// What the store says, or the disk: the file ends there, unfinished.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        while !matches!(self.at, At::End) {
            let at = std::mem::replace(&mut self.at, At::End);
            self.at = self.step(at).await?;
            let part = self.out.take();
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
        let Some(zip) = self.zip.take() else { return Ok(None) };
        drop(zip.finish().map_err(Error::internal)?);
        Ok(Some(self.out.take()))
    }

    async fn step(&mut self, at: At) -> Result<At> {
        Ok(match at {
            At::Himself => {
                self.himself().await?;
                self.begin_list("calls.json")?;
                At::Calls(0)
            }
            At::Calls(from) if from < self.calls.len() => {
                self.some_calls(from).await?;
                At::Calls(from + AT_ONCE)
            }
            At::Calls(_) => {
                self.end_list()?;
                self.begin_list("journal.json")?;
                At::Journal(PAST_EVERY_ID.to_owned())
            }
            At::Journal(before) => match self.some_pushes(before).await? {
                Some(last) => At::Journal(last),
                None => {
                    self.end_list()?;
                    self.begin_list("files.json")?;
                    At::Files(0)
                }
            },
            At::Files(nth) if nth < self.imports.len() => {
                self.rows_of(self.imports[nth].clone()).await?;
                At::Files(nth + 1)
            }
            At::Files(_) => {
                self.end_list()?;
                At::Recordings(0)
            }
            At::Recordings(nth) if nth < self.calls.len() => match self.recording(nth).await? {
                Some(sound) => At::Playing(nth, sound),
                None => At::Recordings(nth + 1),
            },
            At::Playing(nth, mut sound) => match sound.next().await {
                Some(part) => {
                    self.write(&part.map_err(Error::internal)?)?;
                    At::Playing(nth, sound)
                }
                None => At::Recordings(nth + 1),
            },
            At::Recordings(_) | At::End => At::End,
        })
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> Result<()> {
        let Some(zip) = &mut self.zip else { return Ok(()) };
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).map_err(Error::internal)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(zip) = &mut self.zip else { return Ok(()) };
        zip.write_all(bytes).map_err(Error::internal)
    }

    fn begin_list(&mut self, name: &str) -> Result<()> {
        self.has_member = false;
        self.start(name, CompressionMethod::Deflated)?;
        self.write(b"[")
    }

    fn member(&mut self, member: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string_pretty(member).map_err(Error::internal)?;
        let gap: &[u8] = if std::mem::replace(&mut self.has_member, true) { b",\n" } else { b"\n" };
        self.write(gap)?;
        self.write(text.as_bytes())
    }

    fn end_list(&mut self) -> Result<()> {
        self.write(b"\n]\n")
    }

    /// His contacts with what was changed of them, what was promised to him, and what is kept of his numbers.
    async fn himself(&mut self) -> Result<()> {
        let (traces, directory) = (Arc::clone(&self.traces), Arc::clone(&self.directory));
        let read = move |tx: &mut Tx| {
            let (mut known, mut promised, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
            for id in &traces.person.contacts {
                let changes = contact_changes::list(tx, id, &(i64::MAX, String::new()), i64::MAX)?;
                let changes: Vec<_> =
                    changes.iter().map(|one| json!({"at": UtcMs(one.at_ms), "fields": one.fields})).collect();
                known.push(json!({"contact": contacts::shown(tx, id, &directory)?, "changes": changes}));
            }
            for number in &traces.person.numbers {
                for id in promises::list_of_number(tx, number)? {
                    let Some(one) = promises::find(tx, &id)? else { continue };
                    promised.push(json!({"id": id, "call": one.call_id, "number": one.number, "due_at": UtcMs(one.due_ms), "text": one.text, "made_at": UtcMs(one.made_ms), "done_at": one.done_ms.map(UtcMs)}));
                }
                let Some(row) = client_numbers::find(tx, number)? else { continue };
                numbers.push(json!({"number": number, "missed": row.misses, "first_miss_at": row.first_miss_ms.map(UtcMs), "last_miss_at": row.last_miss_ms.map(UtcMs), "closed_because": row.reason, "blocked_at": row.blocked_ms.map(UtcMs), "blocked_why": row.blocked_why}));
            }
            Ok([("contacts.json", known), ("promises.json", promised), ("numbers.json", numbers)])
        };
        for (name, members) in self.app.store.list(read).await? {
            self.begin_list(name)?;
            members.iter().try_for_each(|member| self.member(member))?;
            self.end_list()?;
        }
        Ok(())
    }

    async fn some_calls(&mut self, from: usize) -> Result<()> {
        let ids: Vec<_> = self.calls[from..].iter().take(AT_ONCE).cloned().collect();
        let directory = Arc::clone(&self.directory);
        let read = move |tx: &mut Tx| {
            let ids: Vec<_> = ids.iter().map(String::as_str).collect();
            let rows = calls::list(tx, &ids)?;
            let around = Around::find(tx, &directory, &rows)?;
            Ok(rows.iter().map(|row| around.show(row, &facts_to_show(&directory, row)).0).collect::<Vec<_>>())
        };
        let some = self.app.store.list(read).await?;
        some.iter().try_for_each(|call| self.member(call))
    }

    /// Answers the last one that was looked at.
    async fn some_pushes(&mut self, before: String) -> Result<Option<String>> {
        let traces = Arc::clone(&self.traces);
        let read = move |tx: &mut Tx| {
            let rows = webhooks::list(tx, &before, LOOKED_AT)?;
            let last = rows.last().map(|row| row.id.clone());
            let told = |row: webhooks::WebhookRow| json!({"received_at": UtcMs(row.received_ms), "body": row.body, "call": row.call_id});
            Ok((last, rows.into_iter().filter(|row| traces.is_of(row)).map(told).collect::<Vec<Value>>()))
        };
        let (last, his) = self.app.store.list(read).await?;
        his.iter().try_for_each(|push| self.member(push))?;
        Ok(last)
    }

    /// Rows of a file that came in.
    async fn rows_of(&mut self, id: String) -> Result<()> {
        let mut from = 0;
        loop {
            let asked = id.clone();
            let Some(part) = self.app.store.list(move |tx| imports::list_parts(tx, &asked, from, 1)).await?.pop()
            else {
                return Ok(());
            };
            from = part.position + 1;
            let rows: Vec<Vec<String>> = serde_json::from_str(&part.cells).unwrap_or_default();
            let traces = Arc::clone(&self.traces);
            let is_his = |row: &&Vec<String>| row.iter().any(|cell| traces.is_in(cell));
            rows.iter().filter(is_his).try_for_each(|row| self.member(row))?;
        }
    }

    /// What there is to hear of a call; its place in the file is begun.
    async fn recording(&mut self, nth: usize) -> Result<Option<Sound>> {
        let call_id = self.calls[nth].clone();
        let found = self.app.store.show(move |tx| recordings::find_of_call(tx, &call_id)).await?;
        let Some((row, size_bytes)) = found.and_then(|row| row.size_bytes.map(|size| (row, size))) else {
            return Ok(None);
        };
        let length = u64::try_from(size_bytes).unwrap_or_default();
        let sound = Vault::of(&self.app)?.open(&row.id, 0, length).await.map_err(Error::internal)?;
        if sound.is_some() {
            self.start(&format!("recordings/{}.{}", self.calls[nth], row.media), CompressionMethod::Stored)?;
        }
        Ok(sound)
    }
}
