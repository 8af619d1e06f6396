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
        let named: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && !proof.contains("open") {
            wrong.push(format!("{number} is neither proved nor open"));
        }
        for test in named {
            let (path, name) = test.split_once("::").unwrap_or((test, ""));
            let file = tests.iter().find(|source| source.path == path);
            match file.and_then(|file| said_of(&file.text, name)) {
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
