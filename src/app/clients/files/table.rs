//! Rows of text with something between the cells.

use crate::app::clients::files::limits::{Take, refused};
use crate::domain::cells::unguarded;
use crate::domain::fault::Fault;
use crate::error::Result;

/// What may stand between cells, the likeliest of equals first.
const MARKS: [char; 4] = [';', ',', '\t', '|'];
/// So many lines are looked at to tell which it is.
const LOOKED_AT: usize = 20;

/// # Errors
/// What `take` says; `Invalid` for what breaks off.
pub fn read(text: &str, take: Take) -> Result<()> {
    let mut settings = csv::ReaderBuilder::new();
    settings.has_headers(false).flexible(true).delimiter(mark(text));
    for (row, record) in (1..).zip(settings.from_reader(text.as_bytes()).records()) {
        let record = record.map_err(|_| refused(Fault::DamagedFile { row }))?;
        take(record.iter().map(|cell| unguarded(cell).to_owned()).collect())?;
    }
    Ok(())
}

/// What stands between the cells: what parts the first lines into the same number of cells, the most of them. Excel says it
/// in a line of its own.
fn mark(text: &str) -> u8 {
    let mut rows = Vec::new();
    let mut counts = [0_usize; MARKS.len()];
    let mut is_quoted = false;
    for c in text.chars().take(100_000) {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                rows.push(std::mem::take(&mut counts));
                if rows.len() >= LOOKED_AT {
                    break;
                }
            }
            c if !is_quoted => {
                if let Some(at) = MARKS.iter().position(|mark| *mark == c) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    rows.push(counts);
    let first = rows.first().copied().unwrap_or_default();
    let steady = |at: usize| rows.iter().filter(|row| row[at] > 0 && row[at] == first[at]).count();
    let best = (0..MARKS.len()).max_by_key(|at| (steady(*at), first[*at], MARKS.len() - at)).unwrap_or_default();
    u8::try_from(MARKS[best]).unwrap_or(b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut take = |row| {
            rows.push(row);
            Ok(())
        };
        read(text, &mut take).unwrap();
        rows
    }

    #[test]
    fn what_parts_the_cells_is_found() {
        for (text, expected) in [
            ("Имя;Телефон\nИван, сын;8910\n", vec![vec!["Имя", "Телефон"], vec!["Иван, сын", "8910"]]),
            ("a,b\n\"x;\ny\",2", vec![vec!["a", "b"], vec!["x;\ny", "2"]]),
            ("a\tb\r\n1,5\t2", vec![vec!["a", "b"], vec!["1,5", "2"]]),
            ("одно\nдва", vec![vec!["одно"], vec!["два"]]),
            ("a,b,c\n1,2", vec![vec!["a", "b", "c"], vec!["1", "2"]]),
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
    }
}
