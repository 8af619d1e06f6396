//! The doctor: what works on this node and what does not, each with its proof and what to do.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::memory::jobs::JobState;
use crate::clock::first_id_of;
use crate::error::{Damage, Result};
use crate::store::tables::webhooks::{self, Doubts};
use crate::store::tx::Tx;

const LOOKED_BACK_MS: i64 = 24 * 3_600_000;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Store,
    /// A loop in the background, by its name.
    Job,
    /// A row that cannot be read, as TABLE/ID.
    DamagedRow,
    /// What a PBX says and is not believed, by the integration's name.
    Pushes,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    pub code: Subject,
    /// Which of its kind; empty where there is one only.
    pub about: String,
    pub works: bool,
    pub proof: String,
    /// What to do; empty when there is nothing to do.
    pub advice: String,
}

/// What does not work comes first.
pub async fn examine(app: &App) -> Vec<Finding> {
    let mut findings = vec![store(app).await];
    findings.extend(app.jobs.list().into_iter().map(|(name, state)| job(name, &state)));
    findings.extend(app.damages.list().iter().map(damaged_row));
    findings.extend(doubted(app).await.unwrap_or_default());
    findings.sort_by_key(|finding| finding.works);
    findings
}

async fn store(app: &App) -> Finding {
    let damage = app.store.damage().map(|found| format!("its file is damaged: {found}"));
    let (works, proof, advice) = match app.check_store().await {
        _ if let Some(found) = &damage => (false, found.as_str(), "restore a backup"),
        Ok(()) => (true, "it was read just now, and its last write was kept", ""),
        Err(_) => (
            false,
            "it could not be read just now, or its last write was refused",
            "look at the log: the disk may be full, or the database cannot be reached",
        ),
    };
    Finding { code: Subject::Store, about: String::new(), works, proof: proof.to_owned(), advice: advice.to_owned() }
}

fn job(name: &str, state: &JobState) -> Finding {
    let proof = if state.failures == 0 {
        "it has not failed since this node started".to_owned()
    } else {
        format!("it has failed {} times since this node started", state.failures)
    };
    let advice = match (state.is_down, state.failures) {
        (true, _) => "it starts again by itself, within a minute; the log says why it fails",
        (false, 1..) => "it goes on again; the log says why it failed",
        _ => "",
    };
    Finding { code: Subject::Job, about: name.to_owned(), works: !state.is_down, proof, advice: advice.to_owned() }
}

/// A PBX that writes local time as UTC, or links that no browser should open.
async fn doubted(app: &App) -> Result<Vec<Finding>> {
    let directory = app.directory().await?;
    let first_id = first_id_of(app.clock.now_ms() - LOOKED_BACK_MS);
    let last = move |tx: &mut Tx| {
        let mut found = Vec::new();
        for doubts in webhooks::list_doubts(tx, &first_id)? {
            let detail = webhooks::find(tx, &doubts.last_id)?.map(|row| row.detail).unwrap_or_default();
            found.push((doubts, detail));
        }
        Ok(found)
    };
    let name = |id: &str| directory.integration(id).map(|integration| integration.name.clone()).unwrap_or_default();
    let finding = |(doubts, detail): (Doubts, String)| Finding {
        code: Subject::Pushes,
        about: name(&doubts.integration_id),
        works: false,
        proof: format!("{} pushes of the last day; of the latest: {detail}", doubts.count),
        advice: "the calls were kept; look at the clock and the time zone of this PBX, and at the journal".to_owned(),
    };
    Ok(app.store.show(last).await?.into_iter().map(finding).collect())
}

fn damaged_row(damage: &Damage) -> Finding {
    Finding {
        code: Subject::DamagedRow,
        about: format!("{}/{}", damage.table, damage.id),
        works: false,
        proof: damage.why.clone(),
        advice:
            "it is left out until it can be read: a newer version of ringcard may have written it; else restore it \
                 from a backup"
                .to_owned(),
    }
}
