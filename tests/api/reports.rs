//! `/api/reports`: every figure, and the calls behind it.

use calamine::{DataType, Reader};
use ringcard::app::calls::figures_anew;
use ringcard::app::reports::days;
use ringcard::app::upkeep::retention;
use ringcard::clock::Clock;
use ringcard::domain::counted_day::FORMAT;
use ringcard::domain::time::UtcMs;
use ringcard::store::tables::{call_figures, figure_days, missed_episodes};
use ringcard::store::tx::Tx;
use serde_json::{Value, json};

use crate::fake_peer::Reply;
use crate::support::office::Office;
use crate::support::pbx::{CLIENT, On, on};
use crate::support::{Home, TestApp};

const MINUTE_MS: i64 = 60_000;
const LINE: [(&str, &str); 1] = [("diversion", "74951112233")];
const SECOND: &str = "79160000002";
const THIRD: &str = "79160000003";
const ORDER: &str = "019aa000-0000-7000-8000-000000000001";

/// He rings Anna and Boris on our number, and Anna picks up after so many seconds.
async fn talks(office: &Office, callid: &str, phone: &str, wait_s: i64) {
    let (anna, boris) = (on(callid, "anna").of(phone), on(callid, "boris").of(phone));
    office.pbx.event("INCOMING", anna, &LINE).await;
    office.pbx.event("INCOMING", boris, &LINE).await;
    office.clock.advance(wait_s * 1000);
    office.pbx.picks_up(anna).await;
    office.pbx.stops_ringing(boris).await;
    office.clock.advance(60_000);
    office.pbx.hangs_up(anna).await;
    office.pbx.reports("in", "Success", "60", anna, &LINE).await;
}

/// He rings both, and gives up after so many seconds.
async fn misses(office: &Office, callid: &str, phone: &str, wait_s: i64) {
    for user in ["anna", "boris"] {
        office.pbx.event("INCOMING", on(callid, user).of(phone), &LINE).await;
    }
    office.clock.advance(wait_s * 1000);
    for user in ["anna", "boris"] {
        office.pbx.stops_ringing(on(callid, user).of(phone)).await;
    }
    office.pbx.reports("in", "missed", "0", on(callid, "pbx").of(phone), &LINE).await;
}

async fn calls_out(office: &Office, callid: &str, user: &str, phone: &str) {
    let course: On = on(callid, user).of(phone);
    office.pbx.calls_out(course).await;
    office.clock.advance(5_000);
    office.pbx.picks_up(course).await;
    office.clock.advance(30_000);
    office.pbx.hangs_up(course).await;
    office.pbx.reports("out", "Success", "30", course, &[]).await;
}

/// Two talks with one client; one who was missed twice and called back ten minutes later; one who waits; one who rang again.
async fn a_day(office: &Office) {
    office.sets(json!({"numbers": [{"number": "74951112233", "label": "Сайт"}]})).await;
    talks(office, "talk", CLIENT, 4).await;
    misses(office, "miss", SECOND, 20).await;
    office.clock.advance(MINUTE_MS);
    misses(office, "again", SECOND, 12).await;
    office.clock.advance(9 * MINUTE_MS);
    calls_out(office, "back", "boris", SECOND).await;
    misses(office, "waits", THIRD, 15).await;
    misses(office, "short", "79160000004", 2).await;
    office.clock.advance(60 * MINUTE_MS);
    misses(office, "gone", CLIENT, 30).await;
    talks(office, "more", CLIENT, 10).await;
    let path = format!("/api/calls/{}", office.call("more").await["id"].as_str().unwrap());
    assert_eq!(office.admin.patch(&path, json!({"outcome": ORDER})).await.status, 200);
    office.clock.advance(1000);
}

/// How many calls a query lists.
async fn listed(office: &Office, query: &str) -> Vec<String> {
    let page = office.admin.reads(&format!("/api/calls?limit=200&{query}")).await;
    assert_eq!(page["next"], Value::Null);
    page["items"].as_array().unwrap().iter().map(|call| call["callid"].as_str().unwrap().to_owned()).collect()
}

/// The query with other calls of the same time and place.
fn instead(query: &str, figure: &str) -> String {
    let kept: Vec<_> = query.split('&').filter(|one| !one.starts_with("state=")).collect();
    format!("{}&{figure}", kept.join("&"))
}

#[actix_web::test]
async fn every_figure_opens_exactly_the_calls_behind_it() {
    let office = Office::opens().await;
    a_day(&office).await;
    let report = office.admin.reads("/api/reports/calls?by=day&zone=Europe/Moscow").await;
    let total = &report["total"];
    let figures = [
        ("calls", 7),
        ("answered", 2),
        ("missed", 5),
        ("called_back", 1),
        ("in_time", 1),
        ("rang_again", 1),
        ("waiting", 1),
        ("wait_p50_s", 4),
        ("wait_p90_s", 10),
        ("talk_s", 120),
        ("clients", 4),
        ("new_clients", 4),
    ];
    for (name, value) in figures {
        assert_eq!(total[name], value, "{name}");
    }
    // From the first of two misses until Boris was connected.
    assert_eq!(total["callback_p50_s"], 20 + 60 + 12 + 540 + 5);
    let query = total["query"].as_str().unwrap();
    for (name, narrowed, calls) in [
        ("calls", query.to_owned(), "more gone short waits again miss talk"),
        ("answered", instead(query, "state=answered"), "more talk"),
        ("missed", instead(query, "state=missed"), "gone short waits again miss"),
        ("called_back", instead(query, "figure=called_back"), "miss"),
        ("in_time", instead(query, "figure=in_time"), "miss"),
        ("rang_again", instead(query, "figure=rang_again"), "gone"),
        ("waiting", instead(query, "figure=waiting"), "waits"),
        ("new_clients", instead(query, "figure=new_client"), "short waits miss talk"),
    ] {
        let found = listed(&office, &narrowed).await;
        assert_eq!(found.join(" "), calls, "{name}");
        assert_eq!(total[name], found.len(), "{name}");
    }
}

#[actix_web::test]
async fn every_row_lists_as_many_calls_as_it_counts() {
    let office = Office::opens().await;
    office
        .sets(json!({"working_hours": {"zone": "Europe/Moscow", "days": {"sun": [{"from": "09:00", "to": "12:12"}]}}}))
        .await;
    a_day(&office).await;
    office.pbx.reports("in", "missed", "0", on("no line", "pbx"), &[]).await;
    office.clock.advance(1000);
    for (by, full) in [
        ("day", vec!["2026-03-01 8"]),
        ("hour", vec!["12 5", "13 3"]),
        ("weekday", vec!["sun 8"]),
        ("weekday_hour", vec!["sun-12 5", "sun-13 3"]),
        ("line", vec!["+74951112233 7", "none 1"]),
        ("source", vec!["none 1", "Сайт 7"]),
        ("outcome", vec!["019aa000-0000-7000-8000-000000000001 1", "none 7"]),
    ] {
        for hours in ["", "&hours=working", "&hours=off"] {
            let report = office.admin.reads(&format!("/api/reports/calls?by={by}&zone=Europe/Moscow{hours}")).await;
            let rows = report["rows"].as_array().unwrap();
            let mut counted = Vec::new();
            for row in rows {
                let found = listed(&office, row["query"].as_str().unwrap()).await.len();
                assert_eq!(row["calls"], found, "{by}{hours}: {row}");
                if found > 0 {
                    counted.push(format!("{} {found}", row["key"].as_str().unwrap()));
                }
            }
            counted.sort();
            if hours.is_empty() {
                assert_eq!(counted, full, "{by}");
            } else {
                assert_eq!(
                    listed(&office, report["total"]["query"].as_str().unwrap()).await.len(),
                    report["total"]["calls"]
                );
                assert!(!counted.is_empty() && counted != full, "{by}{hours}: {counted:?}");
            }
        }
    }
    let by_user = office.admin.reads("/api/reports/calls?by=user").await;
    let users: Vec<_> =
        by_user["rows"].as_array().unwrap().iter().map(|row| (row["key"].clone(), row["calls"].clone())).collect();
    assert!(users.contains(&(json!(office.anna.id()), json!(2))), "{users:?}");
}

#[actix_web::test]
async fn of_each_person_it_is_known_what_rang_and_who_let_it_ring() {
    let office = Office::opens().await;
    a_day(&office).await;
    let report = office.admin.reads("/api/reports/people").await;
    let rows = report["rows"].as_array().unwrap();
    let row = |id: &str| rows.iter().find(|row| row["key"] == id).unwrap().clone();
    let (anna, boris) = (row(office.anna.id()), row(office.boris.id()));
    let figures = |row: &Value| {
        ["rang", "took", "ignored", "out", "talk_s", "callbacks", "in_time", "without_outcome"]
            .map(|name| row[name].as_i64().unwrap())
    };
    assert_eq!(figures(&anna), [7, 2, 4, 0, 120, 0, 0, 1]);
    assert_eq!(figures(&boris), [7, 0, 4, 1, 30, 1, 1, 1]);
    assert_eq!((&anna["pickup_p50_s"], &boris["pickup_p50_s"]), (&json!(4), &Value::Null));
    for row in [&anna, &boris] {
        let found = listed(&office, row["query"].as_str().unwrap()).await.len();
        assert_eq!(row["rang"].as_i64().unwrap() + row["out"].as_i64().unwrap(), i64::try_from(found).unwrap());
        for (name, figure) in [
            ("took", "took"),
            ("ignored", "ignored"),
            ("out", "out"),
            ("callbacks", "called_back"),
            ("in_time", "in_time"),
        ] {
            let query = format!("person={}&figure={figure}", row["key"].as_str().unwrap());
            assert_eq!(row[name], listed(&office, &query).await.len(), "{name}");
        }
        let query = format!("user={}&state=answered&outcome=none", row["key"].as_str().unwrap());
        assert_eq!(row["without_outcome"], listed(&office, &query).await.len());
    }
}

#[actix_web::test]
async fn of_missed_clients_it_is_known_who_called_them_back() {
    let office = Office::opens().await;
    a_day(&office).await;
    let report = office.admin.reads("/api/reports/callbacks?zone=Europe/Moscow").await;
    let figures = |row: &Value| {
        ["calls", "called_back", "in_time", "rang_again", "waiting"].map(|name| row[name].as_i64().unwrap())
    };
    let row = |key: &str| report["rows"].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap().clone();
    let (boris, nobody, total) = (row(office.boris.id()), row("none"), report["total"].clone());
    assert_eq!(report["rows"].as_array().unwrap().len(), 2, "Anna called nobody back");
    assert_eq!(figures(&boris), [1, 1, 1, 0, 0]);
    assert_eq!(figures(&nobody), [2, 0, 0, 1, 1]);
    assert_eq!(figures(&total), [3, 1, 1, 1, 1]);
    assert_eq!((&boris["callback_p90_s"], &nobody["callback_p90_s"]), (&json!(637), &Value::Null));
    for (row, calls) in [(&boris, "miss"), (&nobody, "gone waits"), (&total, "gone waits miss")] {
        let found = listed(&office, row["query"].as_str().unwrap()).await;
        assert_eq!((found.join(" "), &row["calls"]), (calls.to_owned(), &json!(found.len())));
    }
    let by_anna = office.admin.reads(&format!("/api/reports/callbacks?user={}", office.anna.id())).await;
    let listed = listed(&office, by_anna["total"]["query"].as_str().unwrap()).await;
    assert_eq!((figures(&by_anna["total"]), listed.len()), ([0; 5], 0));
}

#[actix_web::test]
async fn a_day_that_goes_on_is_compared_with_as_much_of_the_same_day_a_week_ago() {
    let office = Office::opens().await;
    misses(&office, "at noon", CLIENT, 10).await;
    office.clock.advance(120 * MINUTE_MS);
    misses(&office, "at two", CLIENT, 10).await;
    office.clock.advance((7 * 24 - 1) * 60 * MINUTE_MS);
    misses(&office, "at one", SECOND, 10).await;
    office.clock.advance(1000);
    let admin = office.signs_in_again("admin").await;
    let day = "from=2026-03-07T21:00:00Z&to=2026-03-08T21:00:00Z&zone=Europe/Moscow";
    let report = admin.reads(&format!("/api/reports/calls?{day}&compare=previous")).await;
    assert_eq!((&report["total"]["calls"], &report["total"]["before"]["calls"]), (&json!(1), &json!(1)));
    assert_eq!(report["compared"]["from"], "2026-02-28T21:00:00.000Z");
    assert_eq!(report["rows"][0]["before"]["missed"], 1);
    let none = admin.reads(&format!("/api/reports/calls?{day}")).await;
    assert_eq!((&none["compared"], &none["total"]["before"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn days_are_those_of_the_place_when_its_clocks_change() {
    // Midnight in Berlin is an hour later the day before its clocks are put on than the day after.
    let begins = UtcMs::parse("2026-03-28T22:30:00Z").unwrap().0;
    let home = Home::new();
    let crm = TestApp::start_at_by(home.location(), Clock::fixed(begins));
    let office = Office::opens_in(crm, |_| Reply::ok("")).await;
    for (callid, minutes) in [("saturday", 0), ("sunday", 60), ("late sunday", 22 * 60), ("monday", 60)] {
        office.clock.advance(minutes * MINUTE_MS);
        office.pbx.reports("in", "missed", "0", on(callid, "pbx"), &[]).await;
    }
    office.clock.advance(1000);
    let office = Office { admin: office.signs_in_again("admin").await, ..office };
    let query = "zone=Europe/Berlin&from=2026-03-27T23:00:00Z&to=2026-03-30T22:00:00Z";
    let report = office.admin.reads(&format!("/api/reports/calls?{query}")).await;
    let mut days = Vec::new();
    for row in report["rows"].as_array().unwrap() {
        days.push(format!(
            "{} {}",
            row["key"].as_str().unwrap(),
            listed(&office, row["query"].as_str().unwrap()).await.join(", ")
        ));
    }
    assert_eq!(days, ["2026-03-28 saturday", "2026-03-29 late sunday, sunday", "2026-03-30 monday"]);
}

#[actix_web::test]
async fn what_cannot_be_counted_is_refused() {
    let office = Office::opens().await;
    for (query, field, code) in [
        ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "from", "period"),
        ("from=2016-03-02T00:00:00Z", "from", "period"),
        ("zone=Nowhere", "zone", "unknown"),
        ("by=moon", "by", "unknown"),
        ("site=none", "site", "unknown"),
    ] {
        let answer = office.admin.get(&format!("/api/reports/calls?{query}")).await;
        let problem = answer.json();
        let error = (&problem["errors"][0]["field"], &problem["errors"][0]["code"]);
        assert_eq!((answer.status, error), (422, (&json!(field), &json!(code))), "{query}");
    }
    assert_eq!(office.anna.get("/api/reports/people").await.status, 403);
}

/// The cells of a file, its titles first.
async fn cells(office: &Office, path: &str) -> Vec<Vec<String>> {
    let answer = office.admin.asks(reqwest::Method::GET, path).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"text/csv; charset=utf-8".parse().unwrap())
    );
    let text = answer.text().await.unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[actix_web::test]
async fn a_file_has_the_calls_that_the_figure_counts_and_the_table_that_the_page_shows() {
    let office = Office::opens().await;
    office.anna.keeps_contact("=Иван", CLIENT).await;
    a_day(&office).await;
    let report = office.admin.reads("/api/reports/calls?by=line&zone=Europe/Moscow").await;
    for (name, figure) in [
        ("calls", ""),
        ("missed", "state=missed"),
        ("called_back", "figure=called_back"),
        ("new_clients", "figure=new_client"),
    ] {
        let query = report["total"]["query"].as_str().unwrap();
        let query = if figure.is_empty() { query.to_owned() } else { instead(query, figure) };
        let rows = cells(&office, &format!("/api/calls/export?format=csv&lang=ru&{query}")).await;
        assert_eq!(report["total"][name], rows.len() - 1, "{name}");
    }
    let rows = cells(&office, "/api/calls/export?lang=ru&zone=Europe/Moscow&callid=talk").await;
    let row = rows[0].iter().zip(&rows[1]).map(|(title, cell)| format!("{title}={cell}")).collect::<Vec<_>>().join("|");
    let anna = office.anna.appears["name"].as_str().unwrap();
    let boris = office.boris.appears["name"].as_str().unwrap();
    assert_eq!(
        row,
        format!(
            "Начало=2026-03-01 12:00:00|Направление=входящий|Чем кончился=состоялся|Номер=+79101234567|Клиент='=Иван|Компания=|\
             Наш номер=+74951112233|Источник=Сайт|Группа=|Сотрудник={anna}|Кому звонило={anna}\n{boris}|Ожидание, с=4|\
             Разговор, с=60|Итог=|Заметка=|Звонок в АТС=talk"
        )
    );
    let table = cells(&office, "/api/reports/calls?by=line&zone=Europe/Moscow&format=csv&lang=ru").await;
    assert_eq!(table[0][..4], ["Europe/Moscow", "Звонки", "Принято", "Пропущено"]);
    assert_eq!(
        (&table[1][..4], &table[2][..4]),
        (&["Сайт", "7", "2", "5"].map(str::to_owned)[..], &["Всего", "7", "2", "5"].map(str::to_owned)[..])
    );
    let people = cells(&office, "/api/reports/people?format=csv&lang=ru").await;
    assert_eq!((people.len(), &people[0][1]), (3, &"Звонило".to_owned()));
    let book =
        office.admin.asks(reqwest::Method::GET, "/api/reports/calls?by=line&zone=Europe/Moscow&format=xlsx&lang=ru");
    let book = book.send().await.unwrap().bytes().await.unwrap();
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(book)).unwrap();
    let sheet = book.worksheet_range("Отчёт").unwrap();
    let same: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!((same, sheet.get_value((2, 1)).and_then(DataType::as_i64)), (table, Some(7)));
    for path in ["/api/calls/export", "/api/reports/calls?format=csv"] {
        assert_eq!(office.anna.get(path).await.status, 403, "{path}");
    }
}

#[actix_web::test]
async fn what_an_older_store_has_not_counted_is_counted_behind_the_pushes() {
    let office = Office::opens().await;
    a_day(&office).await;
    let counted = async || {
        let read = |tx: &mut Tx| Ok((call_figures::list(tx, 0, i64::MAX)?, missed_episodes::list(tx, 0, i64::MAX)?));
        office.app.store.show(read).await.unwrap()
    };
    let before = counted().await;
    assert_eq!((before.0.len(), before.1.len()), (8, 3));
    let forget = |tx: &mut Tx| {
        tx.execute("DELETE FROM call_figure", &[])?;
        tx.execute("DELETE FROM missed_episode", &[])
    };
    let forget_all = move |tx: &mut Tx| {
        forget(tx)?;
        tx.execute("DELETE FROM figure_mark", &[])
    };
    office.app.store.write(forget_all).await.unwrap();
    let is_counting = async || office.admin.reads("/api/reports/calls").await["counting"].as_bool().unwrap();
    assert!(is_counting().await);
    while figures_anew::count(&office.app).await.unwrap() > 0 {}
    assert_eq!((counted().await, is_counting().await), (before, false));
    // It has come to the newest call: it begins no more.
    office.app.store.write(forget).await.unwrap();
    assert_eq!((figures_anew::count(&office.app).await.unwrap(), counted().await.0.len()), (0, 0));
}

/// Everything that reports say of these days.
async fn all(office: &Office) -> Vec<Value> {
    let mut told = Vec::new();
    for by in ["day", "hour", "weekday", "weekday_hour", "user", "line", "source", "outcome", "caller"] {
        for more in ["", "&direction=out", "&hours=working", "&hour=12&compare=previous", "&line=none"] {
            let time = "from=2026-02-27T00:00:00Z&to=2026-03-05T12:03:00Z&zone=Europe/Moscow";
            told.push(office.admin.reads(&format!("/api/reports/calls?by={by}&{time}{more}")).await);
        }
    }
    told.push(office.admin.reads("/api/reports/people?from=2026-02-27T00:00:00Z&to=2026-03-05T12:03:00Z").await);
    told
}

/// Puts days together; answers which are.
async fn together(office: &Office) -> Vec<i64> {
    while days::put_together(&office.app).await.unwrap() {}
    office.app.store.show(|tx| figure_days::list_days(tx, 0, i64::MAX, FORMAT)).await.unwrap()
}

#[actix_web::test]
async fn days_that_were_put_together_count_as_their_calls_whatever_changes_them() {
    let mut office = Office::opens().await;
    office
        .sets(json!({"working_hours": {"zone": "Europe/Moscow", "days": {"sun": [{"from": "09:00", "to": "12:12"}]}}}))
        .await;
    a_day(&office).await;
    assert_eq!(together(&office).await, [] as [i64; 0], "the day is not over");
    office.clock.advance(3 * 24 * 60 * MINUTE_MS);
    office.admin = office.signs_in_again("admin").await;
    let from_calls = all(&office).await;
    assert_eq!(together(&office).await.len(), 3);
    assert_eq!(all(&office).await, from_calls);
    let forget = |tx: &mut Tx| tx.execute("DELETE FROM figure_day", &[]);
    for change in ["outcome", "called back", "late talk", "moved", "retention"] {
        let before = all(&office).await;
        match change {
            "outcome" => {
                let path = format!("/api/calls/{}", office.call("talk").await["id"].as_str().unwrap());
                assert_eq!(office.admin.patch(&path, json!({"outcome": ORDER})).await.status, 200);
            }
            "called back" => calls_out(&office, "late", "anna", THIRD).await,
            // Before the client's first miss, who is no new one then.
            "late talk" => {
                let start = [("diversion", "74951112233"), ("start", "20260228T100000Z")];
                office.pbx.reports("in", "Success", "60", on("before", "anna").of(SECOND), &start).await;
            }
            "moved" => {
                let start = [("diversion", "74951112233"), ("start", "20260227T100000Z")];
                office.pbx.reports("in", "Success", "90", on("before", "anna").of(SECOND), &start).await;
            }
            _ => {
                office.sets(json!({"retention": {"calls_d": 3, "webhooks_d": null}})).await;
                assert_eq!(retention::sweep(&office.app).await.unwrap().calls, 9);
            }
        }
        let told = all(&office).await;
        assert_ne!(told, before, "{change}");
        office.app.store.write(forget).await.unwrap();
        assert_eq!(told, all(&office).await, "{change}");
        together(&office).await;
        assert_eq!(told, all(&office).await, "{change}");
    }
}
