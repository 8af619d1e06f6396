//! A report as a table in a file: the one that the page shows, with the zone it is told in.

use crate::domain::report::{CallFigures, CallReport, CallReportRow, PeopleReport};
use crate::domain::sheet::{self, Tongue};
use crate::error::{Error, Result};

type Figure = (&'static str, &'static str, fn(&CallFigures) -> Option<i64>);

const FIGURES: [Figure; 14] = [
    ("Звонки", "Calls", |of| Some(of.calls)),
    ("Принято", "Answered", |of| Some(of.answered)),
    ("Пропущено", "Missed", |of| Some(of.missed)),
    ("Перезвонили", "Called back", |of| Some(of.called_back)),
    ("В срок", "In time", |of| Some(of.in_time)),
    ("Дозвонились сами", "Rang again", |of| Some(of.rang_again)),
    ("Ждут", "Waiting", |of| Some(of.waiting)),
    ("Перезвонили за, с (половина)", "Called back in, s (p50)", |of| of.callback_p50_s),
    ("Перезвонили за, с (9 из 10)", "Called back in, s (p90)", |of| of.callback_p90_s),
    ("Ожидание, с (половина)", "Wait, s (p50)", |of| of.wait_p50_s),
    ("Ожидание, с (9 из 10)", "Wait, s (p90)", |of| of.wait_p90_s),
    ("Разговоры, с", "Talks, s", |of| Some(of.talk_s)),
    ("Клиенты", "Clients", |of| Some(of.clients)),
    ("Новые клиенты", "New clients", |of| Some(of.new_clients)),
];

/// The rows, and their total at the end.
pub fn of_calls(report: &CallReport, tongue: Tongue) -> Result<Vec<u8>> {
    let mut part = sheet::first_part(tongue);
    let titles = FIGURES.iter().map(|(ru, en, _)| tongue.of(ru, en).to_owned());
    part.write_record([report.zone.clone()].into_iter().chain(titles)).map_err(Error::internal)?;
    let total = tongue.of("Всего", "Total");
    for row in report.rows.iter().chain([&report.total]) {
        let name = if row.key.is_empty() { total.to_owned() } else { name(row) };
        let figures = FIGURES.iter().map(|(_, _, figure)| cell(figure(&row.figures)));
        part.write_record([sheet::guarded(name)].into_iter().chain(figures)).map_err(Error::internal)?;
    }
    part.into_inner().map_err(|error| Error::internal(error.into_error()))
}

fn name(row: &CallReportRow) -> String {
    if row.label.is_empty() { row.key.clone() } else { row.label.clone() }
}

/// A row a person.
pub fn of_people(report: &PeopleReport, tongue: Tongue) -> Result<Vec<u8>> {
    let titles = match tongue {
        Tongue::Ru => [
            "Звонило",
            "Взял",
            "Не взял",
            "Берёт за, с",
            "Исходящие",
            "Разговоры, с",
            "Перезвонил",
            "В срок",
            "Без итога",
        ],
        Tongue::En => {
            ["Rang", "Took", "Ignored", "Picks up in, s", "Out", "Talks, s", "Called back", "In time", "No outcome"]
        }
    };
    let mut part = sheet::first_part(tongue);
    part.write_record([report.zone.as_str()].into_iter().chain(titles)).map_err(Error::internal)?;
    for row in &report.rows {
        let name = if row.user.name.is_empty() { &row.user.login } else { &row.user.name };
        let of = &row.figures;
        let figures = [
            Some(of.rang),
            Some(of.took),
            Some(of.ignored),
            of.pickup_p50_s,
            Some(of.out),
            Some(of.talk_s),
            Some(of.callbacks),
            Some(of.in_time),
            Some(of.without_outcome),
        ];
        let cells = [sheet::guarded(name.clone())].into_iter().chain(figures.map(cell));
        part.write_record(cells).map_err(Error::internal)?;
    }
    part.into_inner().map_err(|error| Error::internal(error.into_error()))
}

fn cell(figure: Option<i64>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}
