//! A file is one noun: past 300 lines of code there is a second noun in it.

use crate::scripts::{self, ours};
use crate::{Source, assert_none, planted, program, tree};

/// Blank lines, comments and tests beside the code cost a reader little, so they are not counted.
const MOST_LINES: usize = 300;

fn too_long(sources: &[Source]) -> Vec<String> {
    let count = |source: &Source| match source.path.ends_with(".rs") {
        true => code_lines(&source.text),
        false => scripts::code(&source.text).len(),
    };
    let counted = sources.iter().map(|source| (count(source), &source.path));
    counted
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines of code"))
        .collect()
}

/// A test module stands at a file's margin, as the formatter leaves it.
fn code_lines(text: &str) -> usize {
    let (mut count, mut is_test) = (0, false);
    for line in text.lines() {
        is_test |= line == "#[cfg(test)]";
        let code = line.trim();
        count += usize::from(!is_test && !code.is_empty() && !code.starts_with("//"));
        is_test &= line != "}";
    }
    count
}

#[test]
fn no_file_holds_more_than_300_lines_of_code() {
    assert_none(&too_long(&program()));
    assert_none(&too_long(&ours(tree("static", ".js"))));
}

#[test]
fn what_looks_for_long_files_counts_code_alone() {
    let (rust, script) = ("const A: u8 = 1;\n".repeat(300), "a()\n".repeat(300));
    let tests = format!("{rust}\n// one\n#[cfg(test)]\nmod tests {{\n fn a() {{}}\n}}\n");
    let files = planted(&format!(
        "a.rs: {tests}
         b.rs: {tests}fn b() {{}}
         a.js: {script}
         /* one
          * two */
         b.js: {script}b()"
    ));
    assert_eq!(too_long(&files), ["b.rs: 301 lines of code", "b.js: 301 lines of code"]);
}
