//! One row of a file on its way into the store, and back.

use serde::{Deserialize, Serialize};

use crate::app::clients::changes;
use crate::app::clients::contacts::{self, draft};
use crate::app::clients::draft::ContactDraft;
use crate::app::clients::incoming::{Decision, Incoming, Problem, Reading};
use crate::app::desk::contacts as desk;
use crate::domain::import::{MatchBy, Tally, UndoTally};
use crate::error::{Error, Result};
use crate::store::tables::contacts::{self as table, ContactRow};
use crate::store::tx::Tx;

/// What came of a row; kept with it, so that it can be told and taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    Made { id: String, at_ms: i64 },
    Changed { id: String, at_ms: i64, before: Box<Before>, after: Box<ContactDraft> },
    Same,
    Skipped,
    Refused { problems: Vec<Problem> },
}

/// A client as he was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    draft: ContactDraft,
    made_by: Option<String>,
    updated_ms: i64,
}

/// Whether a client who was found stays as he is until the transaction ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Free,
    Locked,
}

/// The client who is meant by a row, as he is now.
pub fn find_known(
    tx: &mut Tx,
    row: &Incoming,
    match_by: MatchBy,
    hold: Hold,
) -> Result<Option<(ContactRow, ContactDraft)>> {
    if row.is_refused() || match_by == MatchBy::None {
        return Ok(None);
    }
    let mut found = None;
    let mut has_number = false;
    if match_by == MatchBy::Number {
        for number in row.numbers() {
            has_number = true;
            found = contacts::of_number(tx, number)?.into_iter().next();
            if found.is_some() {
                break;
            }
        }
    }
    if let Some(email) = row.email().filter(|_| !has_number) {
        found = table::list_of_email(tx, email)?.into_iter().next();
    }
    let Some(found) = found else { return Ok(None) };
    if hold == Hold::Locked {
        table::lock(tx, &found.id)?;
    }
    Ok(table::find(tx, &found.id)?.map(|(row, phones)| (row.clone(), draft(row, phones))))
}

/// One row on its way into the store.
pub struct Taking<'a, 'b> {
    pub tx: &'a mut Tx<'b>,
    pub reading: &'a Reading,
    /// Who began it; `None`: a command did.
    pub user_id: Option<&'a str>,
    /// New ones: of a client, and of a change.
    pub ids: &'a [String; 2],
    pub now_ms: i64,
}

impl Taking<'_, '_> {
    /// # Errors
    /// What the store says.
    pub fn row(&mut self, row: &Incoming, tally: &mut Tally) -> Result<Outcome> {
        let (plan, directory) = (&self.reading.plan, &self.reading.directory);
        let (known, decision) = match find_known(self.tx, row, plan.match_by, Hold::Locked) {
            Ok(known) => {
                let draft = known.as_ref().map(|(_, draft)| draft);
                let decision = row.decide(draft, plan.on_match, &directory.settings.region);
                (known, decision)
            }
            // What a newer version has written is not written over.
            Err(Error::Damaged(_)) => (None, Decision::Skip),
            Err(error) => return Err(error),
        };
        row.count(&decision, tally);
        Ok(match (decision, known) {
            (Decision::Make(draft), _) => {
                desk::make(self.tx, &self.ids[0], draft, self.now_ms, directory)?;
                Outcome::Made { id: self.ids[0].clone(), at_ms: self.now_ms }
            }
            (Decision::Change(after), Some((row, before))) => {
                let kept = Before { draft: before, made_by: row.made_by, updated_ms: row.updated_ms };
                let becomes = Becomes { draft: &after, made_by: None, updated_ms: self.now_ms };
                self.rewrite(&row.id, row.created_ms, &kept.draft, becomes)?;
                Outcome::Changed { id: row.id, at_ms: self.now_ms, before: Box::new(kept), after: Box::new(after) }
            }
            (Decision::Skip, _) => Outcome::Skipped,
            (Decision::Refuse(problems), _) => Outcome::Refused { problems },
            (Decision::Same | Decision::Change(_), _) => Outcome::Same,
        })
    }

    /// Puts back what is still as the row left it.
    ///
    /// # Errors
    /// What the store says.
    pub fn take_back(&mut self, outcome: &Outcome, tally: &mut UndoTally) -> Result<()> {
        let (Outcome::Made { id, at_ms } | Outcome::Changed { id, at_ms, .. }) = outcome else { return Ok(()) };
        if !table::lock(self.tx, id)? {
            return Ok(());
        }
        let Some((row, phones)) = table::find(self.tx, id)? else { return Ok(()) };
        let (is_untouched, created_ms) = (row.updated_ms == *at_ms, row.created_ms);
        let now = draft(row, phones);
        match outcome {
            Outcome::Changed { before, after, .. } if is_untouched || now == **after => {
                let Before { draft, made_by, updated_ms } = &**before;
                let becomes = Becomes { draft, made_by: made_by.as_deref(), updated_ms: *updated_ms };
                self.rewrite(id, created_ms, &now, becomes)?;
                tally.restored += 1;
            }
            Outcome::Changed { before, after, .. } => {
                let between = now.clone().back_to(&before.draft, after);
                let becomes = Becomes { draft: &between, made_by: None, updated_ms: self.now_ms };
                self.rewrite(id, created_ms, &now, becomes)?;
                tally.kept += 1;
            }
            _ if is_untouched => {
                desk::remove(self.tx, id, &self.reading.directory)?;
                tally.removed += 1;
            }
            _ => tally.kept += 1,
        }
        Ok(())
    }

    fn rewrite(&mut self, id: &str, created_ms: i64, before: &ContactDraft, becomes: Becomes) -> Result<()> {
        changes::keep(self.tx, &self.ids[1], id, self.user_id, self.now_ms, [before, becomes.draft])?;
        let Becomes { draft, made_by, updated_ms } = becomes;
        let (mut row, phones) = contacts::rows(draft.clone(), id.to_owned(), made_by, updated_ms);
        row.created_ms = created_ms;
        desk::rewrite(self.tx, &before.phones, &row, &phones, &self.reading.directory)
    }
}

/// What is written of a client.
struct Becomes<'a> {
    draft: &'a ContactDraft,
    made_by: Option<&'a str>,
    updated_ms: i64,
}
