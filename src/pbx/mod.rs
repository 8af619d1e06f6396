//! The inbound contract of the Cloud PBX family: bytes to [`PbxEvent`], and the reply bodies. Pure.
//!
//! Source: REST API of the Cloud PBX, section 4.1; what real PBXs add is marked X01–X07 as in the project's checklist.

pub mod event;
pub mod fields;
pub mod reply;

use crate::domain::malformed::Malformed;
use crate::domain::push::PbxEvent;

/// Reads one accepted webhook; `region` is for numbers without a country code.
///
/// # Errors
/// The reason why the contract is broken.
pub fn parse(fields: &fields::Fields, region: &str) -> Result<PbxEvent, Malformed> {
    fields.check()?;
    event::read(fields, region)
}

#[cfg(test)]
mod tests {
    use super::fields::Fields;
    use super::*;
    use crate::domain::call::Direction;
    use crate::domain::facts::HistoryStatus;
    use crate::domain::phone::Phone;
    use crate::domain::push::{CallDetails, CallEvent, CallerQuestion, EventType, HistoryReport, RatingReport};

    fn read(content_type: &str, body: &[u8]) -> Result<PbxEvent, Malformed> {
        parse(&Fields::decode(content_type, body), "RU")
    }

    fn form(body: &str) -> Result<PbxEvent, Malformed> {
        read("application/x-www-form-urlencoded", body.trim_end().as_bytes())
    }

    fn number(text: &str) -> Phone {
        Phone::from_stored(text)
    }

    #[test]
    fn p06_the_documents_history() {
        let expected = HistoryReport {
            callid: "B10D0EB124F4E64AF4EA-1511".to_owned(),
            direction: Direction::In,
            status: HistoryStatus::Success,
            account: "user".to_owned(),
            phone: number("+79101234567"),
            duration_s: 124,
            link: Some("https://link/file.mp3".to_owned()),
            started_ms: None,
            wait_s: None,
            rating: None,
            details: CallDetails::default(),
        };
        assert_eq!(form(include_str!("../../tests/data/history.form")), Ok(PbxEvent::History(expected)));
    }

    #[test]
    fn p09_the_documents_event() {
        let expected = CallEvent {
            callid: "B10D0EB124F4E64AF4EA-1511".to_owned(),
            kind: EventType::Incoming,
            account: "andy".to_owned(),
            phone: number("+79101234567"),
            details: CallDetails::default(),
            second_callid: None,
        };
        assert_eq!(form(include_str!("../../tests/data/event.form")), Ok(PbxEvent::Call(expected)));
    }

    #[test]
    fn p11_the_documents_contact_and_x06_rating() {
        let callid = "B10D0EB124F4E64AF4EA-1511".to_owned();
        let phone = number("+79101234567");
        let query = CallerQuestion { callid: callid.clone(), phone: phone.clone(), diversion: None };
        assert_eq!(form(include_str!("../../tests/data/contact.form")), Ok(PbxEvent::Contact(query)));
        let report = RatingReport { callid, account: "andy".to_owned(), phone, rating: 5 };
        assert_eq!(form(include_str!("../../tests/data/rating.form")), Ok(PbxEvent::Rating(report)));
    }

    #[test]
    fn x01_x02_a_transfer_with_members_that_nobody_knows() {
        let expected = CallEvent {
            callid: "A-1".to_owned(),
            kind: EventType::Transferred,
            account: "andy@crm.ru".to_owned(),
            phone: number("+79101234567"),
            details: CallDetails {
                diversion: Some(number("+74951234567")),
                group: Some("Продажи".to_owned()),
                ext: Some("101".to_owned()),
                telnum: Some("+74951234567".to_owned()),
                telnum_name: Some("Авито".to_owned()),
                direction: Some(Direction::In),
            },
            second_callid: Some("A-2".to_owned()),
        };
        assert_eq!(form(include_str!("../../tests/data/transferred.form")), Ok(PbxEvent::Call(expected)));
    }

    #[test]
    fn x03_a_missed_call_in_history() {
        let Ok(PbxEvent::History(report)) = form(include_str!("../../tests/data/history-missed.form")) else {
            panic!("it is a history");
        };
        assert_eq!((report.status, report.direction, report.duration_s), (HistoryStatus::Missed, Direction::In, 18));
        assert_eq!((report.started_ms, report.wait_s, report.rating), (Some(1_795_311_900_000), Some(18), Some(4)));
    }

    #[test]
    fn x07_json_says_the_same() {
        let body = include_bytes!("../../tests/data/history.json");
        let Ok(PbxEvent::History(report)) = read("application/json; charset=utf-8", body) else {
            panic!("it is a history");
        };
        assert_eq!((report.status, report.duration_s, report.link), (HistoryStatus::NotFound, 0, None));
    }

    #[test]
    fn p04_what_breaks_the_contract_is_named() {
        let event = "cmd=event&type=INCOMING&phone=79101234567&user=andy&callid=1";
        let history = "cmd=history&type=in&status=Success&phone=79101234567&user=u&callid=1";
        for (body, reason) in [
            (String::new(), "cmd is missing"),
            ("cmd=call".to_owned(), "an unknown cmd"),
            (event.replace("INCOMING", "RINGING"), "an unknown type"),
            (event.replace("&user=andy", ""), "user is missing"),
            (event.replace("andy", " "), "user is missing"),
            (event.replace("&callid=1", ""), "callid is missing"),
            (format!("{event}&callid=2"), "callid is there twice"),
            (event.replace("andy", "%00"), "a NUL character"),
            (event.replace("andy", "%ff"), "invalid UTF-8"),
            (event.replace("andy", &"a".repeat(257)), "user is longer than 256 bytes"),
            (history.to_owned(), "duration is missing"),
            (format!("{history}&duration=-1"), "duration is not a number from 0 to 604800"),
            (format!("{history}&duration=1e3"), "duration is not a number from 0 to 604800"),
            (format!("{history}&duration=604801"), "duration is not a number from 0 to 604800"),
            (format!("{history}&duration=1&link={}", "a".repeat(2049)), "link is longer than 2048 bytes"),
            (history.replace("Success", "Great") + "&duration=1", "an unknown status"),
            ("cmd=rating&callid=1&user=u&phone=7&rating=6".to_owned(), "rating is not a number from 1 to 5"),
        ] {
            assert_eq!(form(&body).unwrap_err().to_string(), reason, "{body}");
        }
        assert_eq!(read("application/json", b"[1]"), Err(Malformed::NoJsonObject));
        let nested = br#"{"cmd":"event","type":{}}"#;
        assert_eq!(read("application/json", nested), Err(Malformed::MemberNested));
    }

    #[test]
    fn the_journal_masks_the_token_and_reads_the_same_again() {
        for body in [include_str!("../../tests/data/history.form"), include_str!("../../tests/data/transferred.form")] {
            let fields = Fields::decode("", body.as_bytes());
            let journal = fields.journal();
            assert!(!journal.contains("76fsd7tfs"), "{journal}");
            assert_eq!(form(&journal), form(body));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_breaks_the_reader(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300), is_json in proptest::bool::ANY) {
            let content_type = if is_json { "application/json" } else { "" };
            let fields = Fields::decode(content_type, &body);
            let _ = (fields.token(), parse(&fields, "RU"), fields.journal());
        }
    }
}
