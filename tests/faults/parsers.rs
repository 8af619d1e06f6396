//! Whatever reads bytes from outside, by its name: for the tests here. Each must end, and panic at nothing.

use reqwest::StatusCode;
use ringcard::app::clients::files::{self, Meant};
use ringcard::domain::phone::Phone;
use ringcard::domain::search::{Search, searchable};
use ringcard::domain::sheet::Tongue;
use ringcard::domain::time::UtcMs;
use ringcard::domain::{one_time_code, titles};
use ringcard::pbx::{self, fields::Fields};
use ringcard::telephony::address::Address;
use ringcard::telephony::hosts::Hosts;
use ringcard::telephony::http::Answer;
use ringcard::telephony::loose;
use ringcard::telephony::uis::answer;

pub struct Parser {
    pub name: &'static str,
    pub reads: fn(&[u8]),
    /// What it understands, to begin from.
    pub seeds: &'static [&'static [u8]],
}

pub const PARSERS: &[Parser] = &[
    Parser {
        name: "push_form",
        reads: |bytes| push("application/x-www-form-urlencoded", bytes),
        seeds: &[
            include_bytes!("../data/history.form"),
            include_bytes!("../data/history-missed.form"),
            include_bytes!("../data/event.form"),
            include_bytes!("../data/contact.form"),
            include_bytes!("../data/rating.form"),
            include_bytes!("../data/transferred.form"),
        ],
    },
    Parser {
        name: "push_json",
        reads: |bytes| push("application/json", bytes),
        seeds: &[include_bytes!("../data/history.json"), br#"{"cmd":"event","crm_token":"t","callid":"a","n":1e3}"#],
    },
    Parser {
        name: "clients_file",
        reads: clients_file,
        seeds: &[
            "\u{feff}ФИО;Телефон;Теги\r\n\"Иванов; Семён\";8 910 123-45-67;\"опт\nюг\"\r\n".as_bytes(),
            b"name,phone\n\"a \"\"b\"\"\",'+79101234567\n",
            b"\xc8\xec\xff;\xd2\xe5\xeb\xe5\xf4\xee\xed\n\xc8\xe2\xe0\xed;89101234567\n",
            b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=\r\n=D0=B2;;;\r\nTEL;CELL:+7910\r\nEND:VCARD\r\n",
            b"BEGIN:VCARD\nVERSION:4.0\nFN:A\\, B\nitem1.TEL;TYPE=\"cell,home\":tel:+1-2\n PHOTO;ENCODING=b:AAAA\nEND:VCARD\n",
        ],
    },
    Parser {
        name: "workbook",
        reads: clients_file,
        seeds: &[include_bytes!("../data/clients-openpyxl.xlsx"), include_bytes!("../data/clients-xlsxwriter.xlsx")],
    },
    Parser {
        name: "answers",
        reads: answers,
        seeds: &[
            br#"{"jsonrpc":"2.0","id":1,"result":{"data":{"access_token":"k","expire_at":1}}}"#,
            br#"{"error": {"code": -32004, "message": "Limit is exceeded"}}"#,
            b"{ error: \"Invalid parameters\" }",
            b"{status:'ok', data: {id: 1}}",
        ],
    },
    Parser {
        name: "words",
        reads: words,
        seeds: &[
            "Иванов 8 (910) 123-45-67 \"точно так\"".as_bytes(),
            b"+7 910 123-45-67 ext 5",
            b"2026-03-01T00:29:59.5+03:00",
            b"https://[2001:db8::1]:8443/sys/crm_api.wcgp?x#y",
            b"*.records.example.org",
            "Моб. телефон 2".as_bytes(),
        ],
    },
];

fn push(content_type: &str, bytes: &[u8]) {
    let fields = Fields::decode(content_type, bytes);
    let token = fields.token().map(str::to_owned);
    let event = pbx::parse(&fields, "RU");
    let journal = fields.journal();
    if let (Ok(_), Some(token)) = (event, token.filter(|token| token.len() > 8)) {
        assert!(!journal.contains(&token), "the journal holds the token");
    }
}

fn clients_file(bytes: &[u8]) {
    let mut rows = 0;
    let meant = Meant { sheet: None, tongue: Tongue::Ru };
    let read = files::read(bytes.to_vec(), &meant, &mut |row| {
        rows += 1;
        assert!(row.len() <= 200, "a row that no table has");
        Ok(())
    });
    // A workbook is packed.
    assert!(rows <= bytes.len() + 1 || bytes.starts_with(b"PK"), "{rows} rows of {} bytes: {read:?}", bytes.len());
}

fn answers(bytes: &[u8]) {
    let body = String::from_utf8_lossy(bytes).into_owned();
    for name in ["error", "status", "message"] {
        let _ = loose::member(&body, name);
    }
    let answer = Answer { status: StatusCode::OK, retry_after: None, body };
    let _ = (answer::read_key(&answer).is_ok(), answer::read_placed(&answer).is_ok());
}

fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = (searchable(&text), titles::guess(&text), titles::label(&text));
    let _ = (Address::parse(&text).is_some(), Hosts::parse(&text));
    let _ = Search::parse(&text).map(|search| search.is_in(&searchable(&text)));
    let _ = one_time_code::find_step(bytes, &text, 0, None);
    let phone = Phone::parse(&text, "RU");
    let again = Phone::parse(phone.as_str(), "RU");
    assert!(!phone.is_e164() || again == phone, "{phone:?} becomes {again:?}");
    let _ = (phone.formatted(), phone.masked(), phone.digits());
    if let Some(instant) = UtcMs::parse(&text) {
        assert_eq!(UtcMs::parse(&instant.to_rfc3339()).map(|again| again.0 / 1000), Some(instant.0 / 1000));
    }
}
