//! A row of a file read as a client, and what is to be done with it beside the one who is there already.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::app::clients::draft::{ContactDraft, ContactPatch};
use crate::app::directory::Directory;
use crate::domain::cells;
use crate::domain::contact::ContactPhone;
use crate::domain::fault::Fault;
use crate::domain::fold::fold;
use crate::domain::import::{ImportColumn, ImportField, ImportPlan, OnMatch, Tally};
use crate::domain::reason::Reason;
use crate::domain::titles;
use crate::error::{Error, FieldError};

/// How the rows of one file are read.
#[derive(Clone)]
pub struct Reading {
    pub plan: Arc<ImportPlan>,
    pub directory: Arc<Directory>,
    /// What the numbers of each column are called.
    labels: Arc<Vec<String>>,
}

/// A row as a client.
#[derive(Clone, Debug)]
pub struct Incoming {
    patch: ContactPatch,
    refused: Vec<FieldError>,
    /// Whom the row names as responsible, and nobody here is known by.
    stranger: Option<String>,
}

/// What is to be done with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Make(ContactDraft),
    /// The client who is there becomes this.
    Change(ContactDraft),
    Same,
    Skip,
    Refuse(Vec<Problem>),
}

/// What cannot be read of a row, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub field: String,
    pub why: Reason,
}

impl Reading {
    pub fn new(plan: ImportPlan, columns: &[ImportColumn], directory: Arc<Directory>) -> Self {
        let labels = columns.iter().map(|column| titles::label(&column.name)).collect();
        Self { plan: Arc::new(plan), directory, labels: Arc::new(labels) }
    }

    pub fn read(&self, row: &[String]) -> Incoming {
        let mut gathered = Gathered::default();
        for (at, (cell, field)) in row.iter().zip(&self.plan.columns).enumerate() {
            let cell = cell.trim_start_matches('\u{feff}');
            if let Some(field) = field
                && !cell.trim().is_empty()
            {
                gathered.take(*field, cell, self.labels.get(at).map(String::as_str).unwrap_or_default());
            }
        }
        self.incoming(gathered)
    }

    fn incoming(&self, gathered: Gathered) -> Incoming {
        let Gathered { names, mut patch, emails, notes, responsible, mut refused, .. } = gathered;
        let joined = names.concat().join(" ");
        patch.name = (!joined.is_empty()).then_some(joined);
        let mut emails = emails.into_iter();
        patch.email = emails.next();
        // A client has one address here: the others stand where people read them.
        let more = emails.map(|email| format!("E-mail: {email}"));
        let note = notes.into_iter().chain(more).collect::<Vec<_>>().join("\n");
        patch.note = (!note.is_empty()).then_some(note);
        let mut stranger = None;
        if let Some(name) = responsible {
            match self.person(&name) {
                Some(id) => patch.responsible = Some(id),
                None => stranger = Some(name),
            }
        }
        let patch = match patch.checked(&self.directory.settings.region) {
            Ok(patch) => patch,
            Err(Error::Invalid(faults)) => {
                refused.extend(faults);
                ContactPatch::default()
            }
            Err(error) => {
                refused.push(FieldError::new("", Fault::WrongForm).saying(error.to_string()));
                ContactPatch::default()
            }
        };
        Incoming { patch, refused, stranger }
    }

    /// As the owner said it; else by login or by name, if nobody else is called so. `Some(None)`: nobody shall be.
    fn person(&self, name: &str) -> Option<Option<String>> {
        if let Some(id) = self.plan.people.get(name) {
            return if id.is_empty() { Some(None) } else { self.directory.user(id).map(|user| Some(user.id.clone())) };
        }
        let wanted = fold(name);
        let login = self.directory.users.iter().find(|user| fold(&user.login) == wanted);
        let mut named = self.directory.users.iter().filter(|user| words(&user.name) == words(name));
        let found = login.or_else(|| named.next().filter(|_| named.next().is_none()));
        found.map(|user| Some(user.id.clone()))
    }
}

/// `Иванова Анна` and `Анна Иванова` are one person.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = fold(name).split(' ').map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// What the cells of a row say, before any of it is judged.
#[derive(Default)]
struct Gathered {
    /// Whole, or last, first and middle name.
    names: [Vec<String>; 4],
    patch: ContactPatch,
    emails: Vec<String>,
    notes: Vec<String>,
    responsible: Option<String>,
    /// What the next column's numbers are called.
    label: String,
    refused: Vec<FieldError>,
}

impl Gathered {
    fn take(&mut self, field: ImportField, cell: &str, label: &str) {
        let text = cell.trim().to_owned();
        match field {
            ImportField::Name => self.names[0].push(text),
            ImportField::LastName => self.names[1].push(text),
            ImportField::FirstName => self.names[2].push(text),
            ImportField::MiddleName => self.names[3].push(text),
            ImportField::Company => self.patch.company = Some(text),
            ImportField::PhoneLabel => self.label = text.trim_start_matches("* ").to_owned(),
            ImportField::Phones => self.phones(cell, label),
            ImportField::Email => self.emails.extend(cells::several(cell)),
            ImportField::Note => self.notes.push(text),
            ImportField::Tags => self.patch.tags.get_or_insert_default().extend(cells::groups(cell)),
            ImportField::Kind => match cells::kind(cell) {
                Some(kind) => self.patch.kind = Some(kind),
                None => self.refuse("kind", Fault::OneOf { allowed: vec!["client".to_owned(), "lead".to_owned()] }),
            },
            ImportField::Responsible => self.responsible = Some(text),
            ImportField::Vip => match cells::yes(cell) {
                Some(vip) => self.patch.vip = Some(vip),
                None => self.refuse("vip", Fault::NotYesOrNo),
            },
            ImportField::Alert => self.patch.alert = Some(text),
        }
    }

    fn phones(&mut self, cell: &str, label: &str) {
        let said = std::mem::take(&mut self.label);
        let label = if said.is_empty() { label } else { &said };
        self.patch.phones.get_or_insert_default().extend(cells::phones(cell, label));
    }

    fn refuse(&mut self, field: &str, fault: Fault) {
        self.refused.push(FieldError::new(field, fault));
    }
}

impl Incoming {
    /// By which a client may be known already.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.patch.phones.iter().flatten().map(|phone| phone.number.as_str())
    }

    pub fn email(&self) -> Option<&str> {
        self.patch.email.as_deref().filter(|email| !email.is_empty())
    }

    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    /// What becomes of it beside `known`, the client who is there.
    pub fn decide(&self, known: Option<&ContactDraft>, on_match: OnMatch, region: &str) -> Decision {
        if self.is_refused() {
            return Decision::Refuse(problems(&self.refused));
        }
        let decided = match (known, on_match) {
            (None, _) | (Some(_), OnMatch::New) => ContactDraft::default().with(self.patch.clone()).map(Decision::Make),
            (Some(_), OnMatch::Skip) => return Decision::Skip,
            (Some(known), OnMatch::Replace) => known.clone().with(self.patch.clone()).map(Decision::Change),
            (Some(known), OnMatch::Add) => {
                let added = added(known, &self.patch).checked(region);
                added.and_then(|patch| known.clone().with(patch)).map(Decision::Change)
            }
        };
        match decided {
            Ok(Decision::Change(after)) if Some(&after) == known => Decision::Same,
            Ok(decision) => decision,
            Err(Error::Invalid(faults)) => Decision::Refuse(problems(&faults)),
            Err(error) => Decision::Refuse(vec![Problem { field: String::new(), why: error.reason() }]),
        }
    }

    /// Counts by field what came of it.
    pub fn count(&self, decision: &Decision, tally: &mut Tally) {
        match decision {
            Decision::Make(_) => tally.made += 1,
            Decision::Change(_) => tally.changed += 1,
            Decision::Same => tally.same += 1,
            Decision::Skip => tally.skipped += 1,
            Decision::Refuse(problems) => {
                tally.refused += 1;
                problems.iter().for_each(|problem| tally.note_refused(member(&problem.field)));
                return;
            }
        }
        if let Some(name) = &self.stranger {
            tally.note_stranger(name);
            tally.note_refused("responsible");
        }
        let patch = &self.patch;
        for (field, is_said) in [
            ("name", patch.name.is_some()),
            ("company", patch.company.is_some()),
            ("email", patch.email.is_some()),
            ("note", patch.note.is_some()),
            ("kind", patch.kind.is_some()),
            ("responsible", patch.responsible.is_some()),
            ("vip", patch.vip == Some(true)),
            ("alert", patch.alert.is_some()),
        ] {
            tally.note_taken(field, usize::from(is_said));
        }
        tally.note_taken("phones", patch.phones.as_ref().map_or(0, Vec::len));
        tally.note_taken("tags", patch.tags.as_ref().map_or(0, Vec::len));
    }
}

/// `phones[2].number` is of `phones`.
fn member(field: &str) -> &str {
    field.split('[').next().unwrap_or(field)
}

fn problems(faults: &[FieldError]) -> Vec<Problem> {
    faults.iter().map(|fault| Problem { field: fault.field.clone(), why: Reason::of(&fault.fault) }).collect()
}

/// What the row brings that the client lacks.
fn added(known: &ContactDraft, row: &ContactPatch) -> ContactPatch {
    let lacking = |has: &str, brought: &Option<String>| brought.clone().filter(|_| has.is_empty());
    let mut phones = known.phones.clone();
    for phone in row.phones.iter().flatten() {
        add_phone(&mut phones, phone);
    }
    let mut tags = known.tags.clone();
    tags.extend(row.tags.iter().flatten().filter(|tag| !known.tags.contains(tag)).cloned());
    let note = row.note.as_ref().filter(|note| !known.note.contains(note.as_str()));
    let note = note.map(|note| if known.note.is_empty() { note.clone() } else { format!("{}\n{note}", known.note) });
    ContactPatch {
        name: lacking(&known.name, &row.name),
        company: lacking(&known.company, &row.company),
        phones: Some(phones),
        email: lacking(&known.email, &row.email),
        note,
        tags: Some(tags),
        kind: None,
        responsible: row.responsible.clone().filter(|_| known.responsible_id.is_none()),
        vip: row.vip.filter(|vip| *vip),
        alert: lacking(&known.alert, &row.alert),
    }
}

fn add_phone(phones: &mut Vec<ContactPhone>, phone: &ContactPhone) {
    match phones.iter_mut().find(|known| known.number == phone.number) {
        Some(known) if known.label.is_empty() => known.label.clone_from(&phone.label),
        Some(_) => {}
        None => phones.push(phone.clone()),
    }
}
