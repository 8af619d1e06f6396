//! A workbook (XLSX: ECMA-376) while it is written: rows come in, bytes go out, and no row is kept between them.

use std::fmt::Write as _;
use std::io::Write;

use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::domain::outlet::Outlet;
use crate::domain::sheet::Cell;

/// Spreadsheets have no more in a sheet; what is left goes on in the next one.
const MOST_ROWS: u64 = 1_048_576;
/// Nor more letters in a cell, counted as UTF-16.
const MOST_LETTERS: usize = 32_767;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// How cells look, by number: as they are, a title, several lines. What is empty here must stand all the same: other programs
/// refuse a workbook without it.
const STYLES: &str = "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
    <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\">\
    <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
    <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\">\
    <alignment vertical=\"top\" wrapText=\"1\"/></xf></cellXfs>\
    <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>";

pub struct Workbook {
    zip: ZipWriter<StreamWriter<Outlet>>,
    out: Outlet,
    /// What its sheets are called.
    name: &'static str,
    titles: Vec<String>,
    sheets: usize,
    /// Of the sheet that is being written.
    rows: u64,
    line: String,
}

impl Workbook {
    /// # Errors
    /// When the archive cannot be made.
    pub fn begin(name: &'static str, titles: Vec<String>) -> ZipResult<Self> {
        let out = Outlet::default();
        let zip = ZipWriter::new_stream(out.clone());
        let mut book = Self { zip, out, name, titles, sheets: 0, rows: 0, line: String::new() };
        // A sheet is what any part is that is said to be nothing else: how many there will be, nobody knows yet.
        let types = format!(
            "<Types xmlns=\"{PACKAGE}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"{KIND}.worksheet+xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{KIND}.styles+xml\"/></Types>"
        );
        book.put("[Content_Types].xml", &types)?;
        book.put("_rels/.rels", &relations(&relation(1, "officeDocument", "xl/workbook.xml")))?;
        book.put("xl/styles.xml", &format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>"))?;
        book.begin_sheet()?;
        Ok(book)
    }

    /// # Errors
    /// As [`Workbook::begin`].
    pub fn row(&mut self, cells: &[Cell]) -> ZipResult<()> {
        if self.rows >= MOST_ROWS {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.write_row(cells, None)
    }

    /// What has become of the rows so far; empty while they are being packed.
    pub fn part(&mut self) -> Vec<u8> {
        self.out.take()
    }

    /// The last part.
    ///
    /// # Errors
    /// As [`Workbook::begin`].
    pub fn end(mut self) -> ZipResult<Vec<u8>> {
        self.end_sheet()?;
        let (mut sheets, mut parts) = (String::new(), relation(1, "styles", "styles.xml"));
        for number in 1..=self.sheets {
            let (id, more) = (number + 1, if number == 1 { String::new() } else { format!(" {number}") });
            let _ = write!(sheets, "<sheet name=\"{}{more}\" sheetId=\"{number}\" r:id=\"r{id}\"/>", self.name);
            parts += &relation(id, "worksheet", &format!("worksheets/sheet{number}.xml"));
        }
        let book = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>");
        self.put("xl/workbook.xml", &book)?;
        self.put("xl/_rels/workbook.xml.rels", &relations(&parts))?;
        let Self { zip, out, .. } = self;
        drop(zip.finish()?);
        Ok(out.take())
    }

    fn put(&mut self, name: &str, text: &str) -> ZipResult<()> {
        self.start(name)?;
        Ok(self.zip.write_all(format!("{HEAD}{text}").as_bytes())?)
    }

    fn start(&mut self, name: &str) -> ZipResult<()> {
        self.zip.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))
    }

    fn begin_sheet(&mut self) -> ZipResult<()> {
        (self.sheets, self.rows) = (self.sheets + 1, 0);
        self.start(&format!("xl/worksheets/sheet{}.xml", self.sheets))?;
        let most = self.titles.len();
        let begin = format!(
            "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
             activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>\
             <cols><col min=\"1\" max=\"{most}\" width=\"24\" customWidth=\"1\"/></cols><sheetData>"
        );
        self.zip.write_all(begin.as_bytes())?;
        let titles: Vec<_> = self.titles.iter().map(|title| Cell::from(title.as_str())).collect();
        self.write_row(&titles, Some(1))
    }

    fn end_sheet(&mut self) -> ZipResult<()> {
        // A number that is meant as text is no mistake.
        let end = "</sheetData><ignoredErrors><ignoredError sqref=\"A1:XFD1048576\" numberStoredAsText=\"1\"/></ignoredErrors></worksheet>";
        Ok(self.zip.write_all(end.as_bytes())?)
    }

    fn write_row(&mut self, cells: &[Cell], style: Option<u8>) -> ZipResult<()> {
        self.rows += 1;
        let (line, row) = (&mut self.line, self.rows);
        line.clear();
        let _ = write!(line, "<row r=\"{row}\">");
        for (at, cell) in cells.iter().enumerate() {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    let style = style.unwrap_or(if text.contains('\n') { 2 } else { 0 });
                    let _ = write!(
                        line,
                        "<c r=\"{}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                        letters(at)
                    );
                    escape(text, line);
                    line.push_str("</t></is></c>");
                }
                Cell::Number(number) => {
                    let _ = write!(line, "<c r=\"{}{row}\"><v>{number}</v></c>", letters(at));
                }
            }
        }
        line.push_str("</row>");
        Ok(self.zip.write_all(self.line.as_bytes())?)
    }
}

fn relations(inner: &str) -> String {
    format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inner}</Relationships>")
}

fn relation(id: usize, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"r{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
}

/// What spreadsheets call a column, counted from 0: `A` to `Z`, then `AA`.
fn letters(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

/// Characters that XML cannot hold stand as `_x0001_`, and so does the first of what could be taken for that.
fn escape(text: &str, into: &mut String) {
    let mut count = 0;
    for (at, letter) in text.char_indices() {
        count += letter.len_utf16();
        if count > MOST_LETTERS {
            return;
        }
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '_' if is_escape(&text.as_bytes()[at..]) => into.push_str("_x005F_"),
            '\n' | '\t' => into.push(letter),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(into, "_x{:04X}_", u32::from(letter));
            }
            letter => into.push(letter),
        }
    }
}

fn is_escape(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"_x").or_else(|| bytes.strip_prefix(b"_X")).unwrap_or_default();
    digits.len() > 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_and_text_is_escaped() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
        let escaped = |text: &str| {
            let mut into = String::new();
            escape(text, &mut into);
            into
        };
        assert_eq!(escaped("a<b>&\"\n\u{1}\r_x0041_ _x41_"), "a&lt;b&gt;&amp;\"\n_x0001__x000D__x005F_x0041_ _x41_");
        assert_eq!(escaped(&"я".repeat(40_000)).chars().count(), MOST_LETTERS);
    }

    #[test]
    fn what_is_packed_leaves_as_it_comes_and_nothing_is_kept() {
        let mut book = Workbook::begin("А", vec!["a".to_owned(), "b".to_owned()]).unwrap();
        let mut parts = 0;
        for n in 0..20_000 {
            book.row(&[Cell::from(format!("row {n} {}", n * 7919 % 10_007)), Cell::Number(n)]).unwrap();
            let part = book.part();
            assert!(part.len() < 200_000, "{}", part.len());
            parts += usize::from(!part.is_empty());
        }
        assert!(parts > 3, "{parts}");
        assert!(book.end().unwrap().len() < 200_000);
    }
}
