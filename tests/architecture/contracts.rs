//! Every statement keeps its promise on both engines: what `store/tables` offers is called by a contract test.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::imports::{Modules, named};
use crate::{Source, assert_none, planted, program, tree};

/// The functions, as `module::function`; what stands in an `impl` belongs to a row, not to the table.
fn functions(source: &Source) -> Vec<String> {
    let module = source.path.rsplit('/').next().unwrap().trim_end_matches(".rs");
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let tokens = Code::read(&source.text).tokens;
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "fn" if depth == 0 && at > 0 && tokens[at - 1] == "pub" => {
                found.push(format!("{module}::{}", tokens[at + 1]))
            }
            _ => {}
        }
    }
    found
}

fn untested(program: &[Source], tests: &[Source]) -> Vec<String> {
    let called: BTreeSet<String> = named(tests, &Modules::of(program)).into_iter().map(|named| named.path).collect();
    let tables = program.iter().filter(|source| source.path.starts_with("store/tables/"));
    tables.flat_map(functions).filter(|function| !called.contains(&format!("store::tables::{function}"))).collect()
}

fn contract_tests() -> Vec<Source> {
    let inside = |source: Source| Source { path: format!("tests/store/{}", source.path), ..source };
    tree("tests/store", ".rs").into_iter().map(inside).collect()
}

#[test]
fn every_statement_of_a_table_has_a_contract_test() {
    assert_none(&untested(&program(), &contract_tests()));
}

#[test]
fn what_looks_for_untested_statements_finds_them() {
    let program = planted(
        "lib.rs:
         store/tables/mod.rs:
         store/tables/calls.rs: pub fn a() {} pub fn b() {} fn inner() {} impl Row { pub fn c() {} } pub fn d() {}
         pub fn e() {}",
    );
    let tests = planted(
        "tests/store/a.rs: use ringcard::store::tables::{self, calls as kept};
         contract! { async fn x(place: Place) { kept::a(tx)?; tables::calls::d(tx)?; calls::e(tx)?; /* kept::b(tx) */ } }",
    );
    assert_eq!(untested(&program, &tests), ["calls::b", "calls::e"]);
}
