//! One webhook's members, each checked as the document says.

use std::ops::RangeInclusive;

use crate::domain::call::Direction;
use crate::domain::facts::HistoryStatus;
use crate::domain::malformed::Malformed;
use crate::domain::phone::Phone;
use crate::domain::push::{CallDetails, CallEvent, CallerQuestion, EventType, HistoryReport, PbxEvent, RatingReport};
use crate::domain::text::clean_line;
use crate::pbx::fields::Fields;

const MAX_ID_BYTES: usize = 256;
const MAX_PHONE_BYTES: usize = 256;
const MAX_LINK_BYTES: usize = 2_048;
const MAX_NAME_BYTES: usize = 512;
/// A week: what is longer is a fault of the sender.
const MAX_DURATION_S: i64 = 604_800;
const MARKS: RangeInclusive<i64> = 1..=5;

/// Source: section 4.1 for `history`, `event`, `contact`; X06 for `rating`.
pub fn read(fields: &Fields, region: &str) -> Result<PbxEvent, Malformed> {
    match fields.require("cmd", MAX_ID_BYTES)? {
        "history" => history(fields, region).map(PbxEvent::History),
        "event" => call_event(fields, region).map(PbxEvent::Call),
        "contact" => contact(fields, region).map(PbxEvent::Contact),
        "rating" => rating(fields, region).map(PbxEvent::Rating),
        _ => Err(Malformed::unknown("cmd")),
    }
}

/// Source: section 4.1.1; start, wait, rating and the further statuses: X03.
fn history(fields: &Fields, region: &str) -> Result<HistoryReport, Malformed> {
    Ok(HistoryReport {
        callid: callid(fields)?,
        direction: required_direction(fields)?,
        status: status(fields)?,
        account: account(fields)?,
        phone: phone(fields, region)?,
        duration_s: duration_s(fields)?,
        link: fields.at_most("link", MAX_LINK_BYTES)?.map(str::to_owned),
        started_ms: fields.get("start").and_then(compact_utc_ms),
        wait_s: fields.get("wait").and_then(whole_seconds),
        rating: fields.get("rating").and_then(mark),
        details: details(fields, region)?,
    })
}

/// Source: section 4.1.2; OUTGOING and TRANSFERRED: X01.
fn call_event(fields: &Fields, region: &str) -> Result<CallEvent, Malformed> {
    let kind = match fields.require("type", MAX_ID_BYTES)?.to_ascii_uppercase().as_str() {
        "INCOMING" => EventType::Incoming,
        "OUTGOING" => EventType::Outgoing,
        "ACCEPTED" => EventType::Accepted,
        "COMPLETED" => EventType::Completed,
        "CANCELLED" => EventType::Cancelled,
        "TRANSFERRED" => EventType::Transferred,
        _ => return Err(Malformed::unknown("type")),
    };
    Ok(CallEvent {
        callid: callid(fields)?,
        kind,
        account: account(fields)?,
        phone: phone(fields, region)?,
        details: details(fields, region)?,
        second_callid: fields.at_most("second_callid", MAX_ID_BYTES)?.map(clean_line),
    })
}

/// Source: section 4.1.3; diversion: X.
fn contact(fields: &Fields, region: &str) -> Result<CallerQuestion, Malformed> {
    Ok(CallerQuestion { callid: callid(fields)?, phone: phone(fields, region)?, diversion: diversion(fields, region)? })
}

fn rating(fields: &Fields, region: &str) -> Result<RatingReport, Malformed> {
    let rating = mark(fields.require("rating", MAX_ID_BYTES)?).ok_or_else(|| no_number("rating", MARKS))?;
    Ok(RatingReport { callid: callid(fields)?, account: account(fields)?, phone: phone(fields, region)?, rating })
}

fn callid(fields: &Fields) -> Result<String, Malformed> {
    line(fields, "callid", MAX_ID_BYTES)
}

fn account(fields: &Fields) -> Result<String, Malformed> {
    line(fields, "user", MAX_ID_BYTES)
}

/// A number that is there and empty is a hidden one (P04a); one that is not there breaks the contract.
fn phone(fields: &Fields, region: &str) -> Result<Phone, Malformed> {
    if !fields.is_there("phone") {
        return Err(Malformed::missing("phone"));
    }
    let raw = fields.at_most("phone", MAX_PHONE_BYTES)?.map(clean_line);
    Ok(Phone::of_caller(&raw.unwrap_or_default(), region))
}

/// Required text; characters that nobody can see are no text.
fn line(fields: &Fields, name: &str, max_bytes: usize) -> Result<String, Malformed> {
    let text = clean_line(fields.require(name, max_bytes)?);
    if text.is_empty() { Err(Malformed::MemberBlank { member: name.to_owned() }) } else { Ok(text) }
}

fn diversion(fields: &Fields, region: &str) -> Result<Option<Phone>, Malformed> {
    Ok(fields.at_most("diversion", MAX_PHONE_BYTES)?.map(|raw| Phone::parse(&clean_line(raw), region)))
}

fn details(fields: &Fields, region: &str) -> Result<CallDetails, Malformed> {
    let text = |name| Ok(fields.at_most(name, MAX_NAME_BYTES)?.map(clean_line));
    // A group's login says nothing to people, its name does.
    let group_login = text("group")?.filter(|login| !login.starts_with("g_"));
    Ok(CallDetails {
        diversion: diversion(fields, region)?,
        group: text("groupRealName")?.or(group_login),
        ext: text("ext")?,
        telnum: text("telnum")?.map(|number| Phone::parse(&number, region).as_str().to_owned()),
        telnum_name: text("telnum_name")?,
        direction: fields.get("direction").and_then(direction),
    })
}

fn direction(text: &str) -> Option<Direction> {
    Direction::parse(&text.to_ascii_lowercase())
}

fn required_direction(fields: &Fields) -> Result<Direction, Malformed> {
    direction(fields.require("type", MAX_ID_BYTES)?).ok_or_else(|| Malformed::unknown("type"))
}

fn status(fields: &Fields) -> Result<HistoryStatus, Malformed> {
    Ok(match fields.require("status", MAX_ID_BYTES)?.to_ascii_lowercase().as_str() {
        "success" => HistoryStatus::Success,
        "busy" => HistoryStatus::Busy,
        "notavailable" => HistoryStatus::NotAvailable,
        "notallowed" => HistoryStatus::NotAllowed,
        "notfound" => HistoryStatus::NotFound,
        "missed" => HistoryStatus::Missed,
        "cancel" => HistoryStatus::Cancel,
        _ => return Err(Malformed::unknown("status")),
    })
}

fn duration_s(fields: &Fields) -> Result<i64, Malformed> {
    let seconds = whole_seconds(fields.require("duration", MAX_ID_BYTES)?);
    seconds.ok_or_else(|| no_number("duration", 0..=MAX_DURATION_S))
}

fn no_number(member: &str, range: RangeInclusive<i64>) -> Malformed {
    Malformed::MemberNoNumber { member: member.to_owned(), least: *range.start(), most: *range.end() }
}

/// Seconds without their fraction, 0 to a week.
fn whole_seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = (is_digits(whole) && is_digits(fraction)).then(|| whole.parse().ok())??;
    (0..=MAX_DURATION_S).contains(&seconds).then_some(seconds)
}

fn mark(text: &str) -> Option<i64> {
    text.parse().ok().filter(|mark| MARKS.contains(mark))
}

/// `YYYYmmddTHHMMSSZ`, UTC (X03).
fn compact_utc_ms(text: &str) -> Option<i64> {
    let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp().as_millisecond())
}
