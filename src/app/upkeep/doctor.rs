//! The doctor: what works on this node and what does not, each with its proof and what to do.

use std::path::Path;

use crate::app::App;
use crate::app::clients::identify::BUDGET;
use crate::app::integrations::token_uses;
use crate::app::memory::jobs::JobState;
use crate::app::recordings::vault::Vault;
use crate::app::upkeep::backups;
use crate::app::upkeep::findings::{Finding, Found, Subject};
use crate::clock::first_id_of;
use crate::config::Config;
use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::domain::recording::Progress;
use crate::domain::time::UtcMs;
use crate::error::{Damage, Result};
use crate::store::tables::recordings;
use crate::store::tables::webhooks::{self, Counted};
use crate::store::tx::Tx;

const LOOKED_BACK_MS: i64 = 24 * 3_600_000;
/// They are made each day, and may take their time.
const BACKUP_OLD_MS: i64 = 26 * 3_600_000;
/// Less than this is little: a day of a busy office, and what a backup needs.
const LITTLE_MB: u64 = 1_024;

/// What does not work comes first.
pub async fn examine(app: &App) -> Vec<Finding> {
    let mut findings = vec![store(app).await, address(&app.config)];
    findings.extend(app.clock.apart_ms().map(clock));
    findings.extend(disk(&app.config.data_dir));
    findings.push(backup(app));
    findings.extend(app.jobs.list().into_iter().map(|(name, state)| job(name, &state)));
    findings.extend(app.damages.list().iter().map(damaged_row));
    findings.extend(pushes(app).await.unwrap_or_default());
    findings.extend(recordings(app).await.unwrap_or_default());
    findings.extend(contact_answers(app));
    findings.sort_by_key(|finding| finding.works);
    findings
}

async fn store(app: &App) -> Finding {
    let found = match (app.store.damage(), app.check_store().await, app.store.long_log()) {
        (Some(damage), _, _) => Found::StoreDamaged { what: damage.to_owned() },
        (None, Ok(()), None) => Found::StoreWell,
        (None, Ok(()), Some(bytes)) => Found::StoreLogLong { log_mb: bytes >> 20 },
        (None, Err(_), _) => Found::StoreRefuses,
    };
    Finding::of(Subject::Store, "", &found)
}

fn clock(apart_ms: i64) -> Finding {
    Finding::of(Subject::Clock, "", &Found::ClockApart { apart_s: (apart_ms + 500) / 1_000 })
}

/// Whether what goes to this node and back can be read on the way.
fn address(config: &Config) -> Finding {
    let found = if config.is_exposed() { Found::AddressExposed } else { Found::AddressSafe };
    Finding::of(Subject::Address, "", &found)
}

/// The data directory's free space, and whether it outlives a container. Nothing where the system tells nothing.
fn disk(data_dir: &Path) -> Vec<Finding> {
    let Ok(space) = rustix::fs::statvfs(data_dir) else { return Vec::new() };
    let free_mb = space.f_bavail * space.f_frsize / (1024 * 1024);
    let found = if free_mb < LITTLE_MB { Found::DiskLow { free_mb } } else { Found::DiskFree { free_mb } };
    let mut findings = vec![Finding::of(Subject::Disk, "", &found)];
    let is_container = ["/.dockerenv", "/run/.containerenv"].iter().any(|mark| Path::new(mark).exists());
    let device = |path: &Path| rustix::fs::stat(path).map(|stat| stat.st_dev).ok();
    if is_container && device(data_dir) == device(Path::new("/")) {
        findings.push(Finding::of(Subject::DataDir, data_dir.display().to_string(), &Found::DataDirInContainer));
    }
    findings
}

fn backup(app: &App) -> Finding {
    let Some(folder) = &app.config.backup_dir else { return Finding::of(Subject::Backup, "", &Found::BackupOff) };
    let found = match backups::list(folder) {
        Err(error) => Found::BackupUnreadable { why: error.to_string() },
        Ok(kept) => match kept.last() {
            None => Found::BackupNone,
            Some(last) if last.began_ms < app.clock.now_ms() - BACKUP_OLD_MS => {
                Found::BackupOld { at: UtcMs(last.began_ms) }
            }
            Some(last) => Found::BackupLast { at: UtcMs(last.began_ms), count: kept.len() },
        },
    };
    Finding::of(Subject::Backup, folder.display().to_string(), &found)
}

fn job(name: &str, state: &JobState) -> Finding {
    let failures = state.failures;
    let found = match (state.is_down, failures) {
        (true, _) => Found::JobDown { failures },
        (false, 0) => Found::JobWell,
        (false, _) => Found::JobFailed { failures },
    };
    Finding::of(Subject::Job, name, &found)
}

/// When each PBX was last heard, and what of its pushes was refused or not believed: it may write local time as UTC, or
/// links that no browser should open.
async fn pushes(app: &App) -> Result<Vec<Finding>> {
    let directory = app.directory().await?;
    let mut findings = Vec::new();
    for integration in directory.integrations().iter().filter(|one| one.kind == Kind::CloudPbx) {
        let tokens = token_uses::of_integration(app, &integration.id).await?;
        let last_ms = tokens.iter().filter_map(|token| token.last_used_ms).max();
        let found = last_ms.map_or(Found::PushNone, |at_ms| Found::PushLast { at: UtcMs(at_ms) });
        findings.push(Finding::of(Subject::Pushes, &integration.name, &found));
    }
    let first_id = first_id_of(app.clock.now_ms() - LOOKED_BACK_MS);
    let counted = move |tx: &mut Tx| {
        let mut found = Vec::new();
        for counted in webhooks::list_refused(tx, &first_id)? {
            let detail = last_detail(tx, &counted)?;
            found.push((counted.integration_id, Found::PushesRefused { count: counted.count, detail }));
        }
        for counted in webhooks::list_doubts(tx, &first_id)? {
            let detail = last_detail(tx, &counted)?;
            found.push((counted.integration_id, Found::PushesDoubted { count: counted.count, detail }));
        }
        Ok(found)
    };
    let name = |id: &str| directory.integration(id).map(|integration| integration.name.clone()).unwrap_or_default();
    let counted = app.store.show(counted).await?;
    findings.extend(counted.iter().map(|(id, found)| Finding::of(Subject::Pushes, name(id), found)));
    Ok(findings)
}

/// What of the recordings is still to come, what could not be fetched, and whether there is room.
async fn recordings(app: &App) -> Result<Vec<Finding>> {
    let directory = app.directory().await?;
    let vault = Vault::of(app)?;
    let paused = vault.free_mb().filter(|_| !vault.has_room()).map(|free_mb| Found::RecordingsPaused { free_mb });
    let mut findings: Vec<_> = paused.iter().map(|found| Finding::of(Subject::Recordings, "", found)).collect();
    let first_id = first_id_of(app.clock.now_ms() - 7 * LOOKED_BACK_MS);
    let count = move |tx: &mut Tx| {
        let of = |tx: &mut Tx, progress: Progress| recordings::count(tx, progress.as_str(), &first_id);
        Ok((of(tx, Progress::Failed)?, of(tx, Progress::Waiting)?))
    };
    let (failed, waiting) = app.store.show(count).await?;
    let detail = |error: &str| Reason::read(error).map(|reason| reason.detail).unwrap_or_default();
    let failed = failed.into_iter().map(|one| {
        let found = Found::RecordingsFailed { count: one.count, detail: detail(&one.last_error) };
        (one.integration_id, found)
    });
    let waiting = waiting.into_iter().map(|one| (one.integration_id, Found::RecordingsWaiting { count: one.count }));
    let name = |id: &str| directory.integration(id).map(|integration| integration.name.clone()).unwrap_or_default();
    findings.extend(failed.chain(waiting).map(|(id, found)| Finding::of(Subject::Recordings, name(&id), &found)));
    Ok(findings)
}

fn last_detail(tx: &mut Tx, counted: &Counted) -> Result<String> {
    let last = webhooks::find(tx, &counted.last_id)?;
    Ok(last.map(|row| Reason::sentence(&Reason::read_all(&row.detail))).unwrap_or_default())
}

fn contact_answers(app: &App) -> Option<Finding> {
    let times = app.answer_times.latest();
    let at = |part: usize| times.get(times.len() * part / 100).map(|time| u64::from(*time).div_ceil(1_000));
    let (count, p50_ms, p95_ms) = (times.len(), at(50)?, at(95)?);
    let budget_ms = u64::try_from(BUDGET.as_millis()).unwrap_or_default();
    let found = if p95_ms < budget_ms / 2 {
        Found::AnsweredWithin { count, p50_ms, p95_ms, budget_ms }
    } else {
        Found::AnsweredLate { count, p50_ms, p95_ms, budget_ms }
    };
    Some(Finding::of(Subject::ContactAnswers, "", &found))
}

fn damaged_row(damage: &Damage) -> Finding {
    let found = Found::RowUnreadable { why: damage.why.clone() };
    Finding::of(Subject::DamagedRow, format!("{}/{}", damage.table, damage.id), &found)
}
