//! `docs/reliability.md` numbers what is promised; each number is proved by a test that names it, or is said to be open.

use std::fs;

use crate::{Source, assert_none, planted, root, tree};

/// The numbers with gaps between faults, bad input and who may do what.
fn numbers() -> impl Iterator<Item = String> {
    (1..=13).chain(20..=22).chain(30..=44).map(|number| format!("R{number}"))
}

fn faults(page: &str, tests: &[Source]) -> Vec<String> {
    let rows: Vec<Vec<&str>> = page.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let rows: Vec<_> =
        rows.into_iter().filter(|row| row.len() == 5 && row[1].starts_with('R') && row[1] != "R").collect();
    let mut wrong = Vec::new();
    if !rows.iter().map(|row| row[1].to_owned()).eq(numbers()) {
        wrong.push("the numbers are not complete and in order".to_owned());
    }
    for row in rows {
        let (number, proof) = (row[1], row[3]);
        let named = quoted(proof);
        if named.is_empty() && !proof.contains("open") {
            wrong.push(format!("{number} is neither proved nor open"));
        }
        for test in named {
            match find(test, tests) {
                None => wrong.push(format!("{number}: there is no test {test}")),
                Some(said) if !said.split(|c: char| !c.is_alphanumeric()).any(|word| word == number) => {
                    wrong.push(format!("{number}: {test} does not name it"));
                }
                Some(_) => {}
            }
        }
    }
    wrong
}

/// What stands in back quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// What the test of this name says of itself.
fn find(test: &str, tests: &[Source]) -> Option<String> {
    let (path, name) = test.split_once("::").unwrap_or((test, ""));
    tests.iter().find(|source| source.path == path).and_then(|file| said_of(&file.text, name))
}

/// Of `docs/asvs.md`: rows in order, each with an answer, and with a test that there is.
fn asvs_faults(page: &str, tests: &[Source]) -> Vec<String> {
    let (mut wrong, mut last) = (Vec::new(), Vec::new());
    for line in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| row")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, row, met, _, proof, _] = cells[..] else {
            wrong.push(format!("no row: {line}"));
            continue;
        };
        for number in row.split([',', '–']).map(str::trim) {
            let place: Vec<u32> = number.split('.').filter_map(|part| part.parse().ok()).collect();
            // What goes together stands together, by the first of it.
            if place.len() != 3 || (row.starts_with(number) && place <= last) {
                wrong.push(format!("{number} is out of order"));
            }
            if row.starts_with(number) {
                last = place;
            }
        }
        if !["yes", "in part", "no", "none"].contains(&met) {
            wrong.push(format!("{row} has no answer"));
        }
        let missing = quoted(proof).into_iter().filter(|test| find(test, tests).is_none());
        wrong.extend(missing.map(|test| format!("{row}: there is no test {test}")));
    }
    wrong
}

/// What a test says of itself: the comments above it, and a number that its name begins with.
fn said_of(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines
        .iter()
        .position(|line| line.contains(&format!("fn {name}(")) || line.contains(&format!("test('{name}'")))?;
    let above = lines[..at]
        .iter()
        .rev()
        .take_while(|line| ["//", "#[", "contract!"].iter().any(|start| line.starts_with(start)));
    let comments: String = above.filter(|line| line.starts_with("//")).copied().collect();
    let first = name.split('_').next().unwrap_or_default().to_uppercase();
    Some(format!("{comments} {first}"))
}

fn tests() -> Vec<Source> {
    let in_folder = |folder: &'static str, ending| {
        let rename = move |source: Source| Source { path: format!("{folder}/{}", source.path), ..source };
        tree(folder, ending).into_iter().map(rename)
    };
    in_folder("tests", ".rs").chain(in_folder("tests", ".mjs")).chain(in_folder("src", ".rs")).collect()
}

#[test]
fn every_requirement_is_proved_by_a_test_that_names_it_or_is_open() {
    let page = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    assert_none(&faults(&page, &tests()));
}

#[test]
fn every_row_of_the_asvs_has_an_answer_and_a_test_that_there_is() {
    let page = fs::read_to_string(root().join("docs/asvs.md")).unwrap();
    assert!(page.lines().count() > 100);
    assert_none(&asvs_faults(&page, &tests()));
}

#[test]
fn what_reads_the_asvs_finds_rows_without_an_answer_or_a_test() {
    let files = planted("tests/a.rs: fn kept() {}");
    let page = "| row | met | how | test |\n|---|---|---|---|\n| 1.2.1, 1.2.9 | yes | so | `tests/a.rs::kept` |
| 1.2.2 | perhaps | so | |\n| 1.2.2 | no | so | `tests/a.rs::gone` |\n| 1.3 | none | so | |\n| 1.4.1 | none |";
    let expected = [
        "1.2.2 has no answer",
        "1.2.2 is out of order",
        "1.2.2: there is no test tests/a.rs::gone",
        "1.3 is out of order",
        "no row: | 1.4.1 | none |",
    ];
    assert_eq!(asvs_faults(page, &files), expected);
}

#[test]
fn what_reads_the_requirements_finds_those_that_nothing_proves() {
    let files = planted(
        "tests/a.rs: /// R1, R2.
         #[test]
         fn kept() {}
         fn r3_gone() {}
         // R4 is elsewhere

         fn silent() {}
         tests/b.mjs: // R5: as text
         test('it\\'s text', async () => {})",
    );
    let mut page = String::from("| R | what | where |\n|---|---|---|\n");
    for number in numbers() {
        let proof = match number.as_str() {
            "R1" => "`tests/a.rs::kept`, `tests/a.rs::r3_gone`",
            "R2" => "`tests/a.rs::kept`; open: the rest",
            "R3" => "`tests/a.rs::r3_gone`",
            "R4" => "`tests/a.rs::silent`",
            "R5" => "`tests/b.mjs::it\\'s text`",
            "R6" => "`tests/a.rs::lost`",
            "R7" => "by and by",
            _ => "open",
        };
        page += &format!("| {number} | what | {proof} |\n");
    }
    let expected = [
        "R1: tests/a.rs::r3_gone does not name it",
        "R4: tests/a.rs::silent does not name it",
        "R6: there is no test tests/a.rs::lost",
        "R7 is neither proved nor open",
    ];
    assert_eq!(faults(&page, &files), expected);
    assert_eq!(faults(&page.replace("| R44 ", "| R45 "), &files)[0], "the numbers are not complete and in order");
}
