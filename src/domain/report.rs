//! What reports answer: figures, each with the calls behind it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

/// What is counted of calls. Seconds are half of all calls' at most (`p50`), or nine tenths' (`p90`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallFigures {
    /// Those that are over; a call that rang a group counts once.
    pub calls: i64,
    pub answered: i64,
    pub missed: i64,
    /// Clients who were missed and called back. One who rings again and again until then is one.
    pub called_back: i64,
    /// Those of them who were called back within the working minutes that were set.
    pub in_time: i64,
    /// Clients who were missed and rang again until somebody answered.
    pub rang_again: i64,
    /// Clients who were missed, and nobody has talked to since.
    pub waiting: i64,
    /// From the first miss to the talk.
    pub callback_p50_s: Option<i64>,
    pub callback_p90_s: Option<i64>,
    /// Until somebody picked up.
    pub wait_p50_s: Option<i64>,
    pub wait_p90_s: Option<i64>,
    pub talk_s: i64,
    /// Different numbers.
    pub clients: i64,
    /// Calls from a number that nobody had spoken with in the year before.
    pub new_clients: i64,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallReportRow {
    /// A date, an hour, a day of the week, both, an id, or a number; `none`: of none.
    pub key: String,
    pub label: String,
    /// What lists exactly the calls counted in `calls`, behind `/api/calls?`.
    pub query: String,
    #[serde(flatten)]
    pub figures: CallFigures,
    /// What is compared with.
    pub before: Option<CallFigures>,
}

/// From one instant to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    pub from: UtcMs,
    pub to: UtcMs,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallReport {
    pub from: UtcMs,
    pub to: UtcMs,
    pub zone: String,
    pub compared: Option<Period>,
    /// The calls of an older store are being counted still: what stands here is not all.
    pub counting: bool,
    pub rows: Vec<CallReportRow>,
    pub total: CallReportRow,
}

/// What is counted of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonFigures {
    /// Calls that rang his phone.
    pub rang: i64,
    pub took: i64,
    /// It rang for ten seconds or longer, and nobody took it.
    pub ignored: i64,
    pub pickup_p50_s: Option<i64>,
    /// Calls that he made.
    pub out: i64,
    pub talk_s: i64,
    /// Missed clients whom he called back.
    pub callbacks: i64,
    pub in_time: i64,
    /// Talks of which it is not said what came of them.
    pub without_outcome: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonReportRow {
    pub key: String,
    pub user: UserRef,
    /// What lists exactly the calls counted in `rang` and `out`, behind `/api/calls?`.
    pub query: String,
    #[serde(flatten)]
    pub figures: PersonFigures,
    pub before: Option<PersonFigures>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeopleReport {
    pub from: UtcMs,
    pub to: UtcMs,
    pub zone: String,
    pub compared: Option<Period>,
    pub rows: Vec<PersonReportRow>,
}

/// The least value that so many percent of all do not exceed.
pub fn percentile(values: &mut [i64], percent: usize) -> Option<i64> {
    let nth = (values.len() * percent).div_ceil(100).checked_sub(1)?;
    Some(*values.select_nth_unstable(nth).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_all_are_at_most_the_median() {
        let of = |values: &[i64], percent| percentile(&mut values.to_vec(), percent);
        assert_eq!((of(&[], 50), of(&[7], 50), of(&[7], 90)), (None, Some(7), Some(7)));
        assert_eq!((of(&[4, 1, 3, 2], 50), of(&[3, 1, 2], 50)), (Some(2), Some(2)));
        let ten: Vec<i64> = (1..=10).rev().collect();
        assert_eq!((of(&ten, 50), of(&ten, 90)), (Some(5), Some(9)));
    }
}
