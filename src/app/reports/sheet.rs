//! A report as a table in a file: the one that the page shows, with the zone it is told in.

use crate::domain::report::{CallFigures, CallReport, CallReportRow, PeopleReport};
use crate::domain::sheet::{Cell, Tongue};
use crate::domain::table_file::{TableFile, TableFormat};
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
pub fn of_calls(report: &CallReport, format: TableFormat, tongue: Tongue) -> Result<Vec<u8>> {
    let titles = FIGURES.iter().map(|(ru, en, _)| tongue.of(ru, en));
    let total = tongue.of("Всего", "Total");
    let rows = report.rows.iter().chain([&report.total]).map(|row| {
        let name = if row.key.is_empty() { total.to_owned() } else { name(row) };
        [Cell::from(name)].into_iter().chain(FIGURES.iter().map(|(_, _, figure)| cell(figure(&row.figures)))).collect()
    });
    table(format, tongue, [report.zone.as_str()].into_iter().chain(titles), rows)
}

fn name(row: &CallReportRow) -> String {
    if row.label.is_empty() { row.key.clone() } else { row.label.clone() }
}

/// A row a person.
pub fn of_people(report: &PeopleReport, format: TableFormat, tongue: Tongue) -> Result<Vec<u8>> {
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
    let rows = report.rows.iter().map(|row| {
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
        [Cell::from(name.as_str())].into_iter().chain(figures.map(cell)).collect()
    });
    table(format, tongue, [report.zone.as_str()].into_iter().chain(titles), rows)
}

fn table<'a>(
    format: TableFormat,
    tongue: Tongue,
    titles: impl Iterator<Item = &'a str>,
    mut rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<Vec<u8>> {
    let titles: Vec<_> = titles.map(str::to_owned).collect();
    let file = TableFile::begin(format, tongue, tongue.of("Отчёт", "Report"), &titles);
    let file = file.and_then(|mut file| rows.try_for_each(|row| file.row(&row)).map(|()| file));
    file.and_then(TableFile::end).map_err(Error::internal)
}

fn cell(figure: Option<i64>) -> Cell {
    figure.map_or_else(|| Cell::from(""), Cell::Number)
}
