//! A file is one noun: past 300 lines of code there is a second noun in it.

use crate::code::Code;
use crate::scripts::{self, ours};
use crate::{Source, assert_none, planted, program, tree};

/// Blank lines, comments and tests beside the code cost a reader little, so they are not counted.
const MOST_LINES: usize = 300;

fn too_long(sources: &[Source]) -> Vec<String> {
    let count = |source: &Source| match source.path.ends_with(".rs") {
        true => Code::read(&source.text).line_count(),
        false => scripts::code(&source.text).len(),
    };
    let counted = sources.iter().map(|source| (count(source), &source.path));
    counted
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines of code"))
        .collect()
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
