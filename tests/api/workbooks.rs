//! Files of clients as other programs write them (`tests/data/clients.py` says how), workbooks above all; and those that
//! are made to harm.

use std::io::Write;

use reqwest::Method;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::support::Answer;
use crate::support::office::Office;

const OPENPYXL: &[u8] = include_bytes!("../data/clients-openpyxl.xlsx");
const XLSXWRITER: &[u8] = include_bytes!("../data/clients-xlsxwriter.xlsx");
const VOBJECT: &[u8] = include_bytes!("../data/clients-vobject.vcf");
const PYTHON: &[u8] = include_bytes!("../data/clients-python.csv");

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, part) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(part).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook whose one sheet has these rows, and whose strings are these.
fn workbook(rows: &str, strings: &str) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: String| format!("<Relationships xmlns=\"{package}\">{inner}</Relationships>");
    let whole = relations(relation("a", "officeDocument", "xl/workbook.xml"));
    let book = relations(
        relation("a", "worksheet", "worksheets/sheet1.xml") + &relation("b", "sharedStrings", "sharedStrings.xml"),
    );
    let sheets = format!(
        "<workbook xmlns:r=\"{office}\"><sheets><sheet name=\"А\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
    );
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    archive(&[
        ("_rels/.rels", whole.as_bytes()),
        ("xl/_rels/workbook.xml.rels", book.as_bytes()),
        ("xl/workbook.xml", sheets.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

impl Office {
    /// Hands a workbook in, of which this sheet is meant.
    async fn hands_in_sheet(&self, sheet: &str, file: &'static [u8]) -> Answer {
        let asked =
            self.admin.asks(Method::POST, "/api/contacts/import").query(&[("name", "b.xlsx"), ("sheet", sheet)]);
        Answer::of(asked.body(file).send().await.unwrap()).await
    }

    /// The client of this number, when the file has been taken in.
    async fn client(&self, number: &str) -> Value {
        self.admin.reads(&format!("/api/contacts?phone={number}")).await["items"][0].clone()
    }
}

fn numbers(contact: &Value) -> Vec<String> {
    let phone = |phone: &Value| format!("{} {}", phone["label"].as_str().unwrap(), phone["number"].as_str().unwrap());
    contact["phones"].as_array().unwrap().iter().map(phone).collect()
}

#[actix_web::test]
async fn a_workbook_is_read_as_people_see_it() {
    let office = Office::opens().await;
    let import = office.takes_in(OPENPYXL).await;
    let file = json!({"format": "xlsx", "encoding": "", "sheets": ["Пусто", "Клиенты", "Архив"], "sheet": "Клиенты", "rows": 2});
    for (member, value) in file.as_object().unwrap() {
        assert_eq!(&import[member], value, "{member}");
    }
    let again = office.admin.reads(&format!("/api/contacts/import/{}", import["id"].as_str().unwrap())).await;
    assert_eq!(again, import);
    assert_eq!(office.moves_in(&import, json!({})).await["result"]["made"], 2);
    let ivan = office.client("89101234567").await;
    assert_eq!(numbers(&ivan), ["мобильный +79101234567", "рабочий +74951234567"]);
    assert_eq!((&ivan["note"], &ivan["vip"]), (&json!("2025-03-08"), &json!(true)));
    let petrova = office.client("89107654321").await;
    assert_eq!((&petrova["name"], &petrova["note"]), (&json!("Петрова <Анна> & Ко"), &json!("первая\nвторая")));
    assert_eq!(petrova["vip"], false);
}

#[actix_web::test]
async fn of_a_formula_its_value_is_read() {
    let office = Office::opens().await;
    let import = office.takes_in(XLSXWRITER).await;
    office.moves_in(&import, json!({})).await;
    let ivan = office.client("89101234567").await;
    assert_eq!(numbers(&ivan), ["мобильный +79101234567", "рабочий +74951234567"]);
    assert_eq!((&ivan["email"], &ivan["note"]), (&json!("ivan@example.org"), &json!("2025-03-08 09:30")));
    assert_eq!(ivan["vip"], true);
}

#[actix_web::test]
async fn another_sheet_can_be_chosen() {
    let office = Office::opens().await;
    let import = office.hands_in_sheet("Архив", OPENPYXL).await.json();
    assert_eq!((&import["sheet"], &import["rows"]), (&json!("Архив"), &json!(1)));
    let fault = &office.hands_in_sheet("Скрытый", OPENPYXL).await.json()["errors"][0];
    assert_eq!((&fault["code"], &fault["params"]["known"]), (&json!("unknown_sheet"), &import["sheets"]), "{fault}");
    assert_eq!(office.hands_in_sheet("Пусто", OPENPYXL).await.json()["errors"][0]["code"], "empty_file");
}

#[actix_web::test]
async fn cards_and_tables_of_python_programs_come_in() {
    for file in [VOBJECT, PYTHON] {
        let office = Office::opens().await;
        let import = office.takes_in(file).await;
        let task = office.moves_in(&import, json!({})).await;
        assert_eq!(task["result"]["refused"], 0, "{task}");
        let ivan = office.client("89101234567").await;
        assert_eq!((&ivan["name"], &ivan["email"]), (&json!("Иванов Семён"), &json!("ivan@example.org")));
        assert_eq!(numbers(&ivan), ["мобильный +79101234567", "рабочий +74951234567"]);
        let notes = [
            "Заметка длиннее одной строки: запятая, точка с запятой; и\nперевод строки, чтобы её пришлось разбить",
            "сказал: \"перезвоните\"; ждёт",
        ];
        assert!(notes.contains(&ivan["note"].as_str().unwrap()), "{ivan}");
    }
}

#[actix_web::test]
async fn a_workbook_made_to_harm_is_refused_with_a_clear_word() {
    let office = Office::opens().await;
    let (blank, swollen) = (vec![b' '; 4 * 1024 * 1024], b"<a/>".repeat(3 * 1024 * 1024));
    let wide = format!("<row r=\"1\">{}</row>", "<c><v>1</v></c>".repeat(1_000_000));
    let far = "<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>";
    let upwards = "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let promise = "<sst uniqueCount=\"1000000000000\"><si><t>a</t></si></sst>";
    let long = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "a".repeat(200_000));
    let broken = workbook("<row><c><v>1</v></c></row>", "<sst/>");
    for (what, file, fault) in [
        ("a bomb of one text", archive(&[("xl/worksheets/sheet1.xml", &blank)]), "workbook_too_large"),
        ("a bomb of many tags", archive(&[("xl/styles.xml", &swollen)]), "workbook_too_large"),
        ("a million columns", workbook(&wide, "<sst/>"), "too_many_columns"),
        ("a column that no program has", workbook(far, "<sst/>"), "too_many_columns"),
        ("rows upwards", workbook(upwards, "<sst/>"), "damaged_file"),
        ("a promise of strings", workbook("", promise), "workbook_too_large"),
        ("another encoding", workbook("", "<sst uniq\u{1b}(JueCount=\"1000000000000\">"), "damaged_file"),
        ("a long cell", workbook(&long, "<sst/>"), "cell_too_long"),
        ("a string that is not there", workbook("<row><c t=\"s\"><v>7</v></c></row>", "<sst/>"), "damaged_file"),
        ("half of it", broken[..broken.len() / 2].to_vec(), "damaged_file"),
        ("no workbook", archive(&[("a.txt", b"a")]), "unknown_file"),
        ("an empty one", workbook("", "<sst/>"), "empty_file"),
    ] {
        let answer = office.hands_in("b.xlsx", file).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (422, &json!(fault)), "{what}");
    }
    assert_eq!(office.admin.reads("/api/contacts").await["items"], json!([]));
}
