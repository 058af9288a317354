//! Reads a file of official regions, row by row, whichever of the known layouts it has.
//!
//! - SQL: `insert into … (kode, nama) values ('64','Kalimantan Timur'), …`, one or more tuples a line.
//! - CSV with a header that names `code` and `name`; a column `bps_code` is kept, and a column
//!   that ends in `_code` otherwise must agree with the code itself.

use std::collections::VecDeque;
use std::io::{self, BufRead, Cursor, Read};

use super::code::OfficialCode;

/// One region as a file tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialRegion {
    /// Code, which says level and parent.
    pub code: OfficialCode,
    /// Name as the edition writes it, white space tidied.
    pub name: String,
    /// Code of the statistics office, where the file has one.
    pub bps_code: Option<String>,
    /// Line of the file, from 1.
    pub line: u64,
}

/// A row that cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionFault {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub kind: RegionFaultKind,
}

/// What can be wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegionFaultKind {
    /// Not a row of the layout, or not UTF-8.
    Unreadable,
    /// The code has not the form `PP.KK.CC.DDDD`.
    CodeMalformed,
    /// No name, or one of more than 200 bytes.
    NameMissing,
    /// The parent column is not the first part of the code.
    ParentDiffers,
    /// The code one level up is neither in the files nor loaded.
    ParentUnknown,
    /// The code came before.
    Duplicate,
}

impl RegionFaultKind {
    /// The fault's code, for people and programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "row_unreadable",
            Self::CodeMalformed => "region_code_malformed",
            Self::NameMissing => "region_name_missing",
            Self::ParentDiffers => "region_parent_differs",
            Self::ParentUnknown => "region_parent_unknown",
            Self::Duplicate => "region_duplicate",
        }
    }
}

/// A row or its fault.
pub type RegionRow = Result<OfficialRegion, RegionFault>;

/// The rows of one file.
pub struct RegionReader<R: BufRead>(Layout<R>);

enum Layout<R: BufRead> {
    Sql { source: R, line: u64, waiting: VecDeque<RegionRow> },
    Csv { rows: Box<csv::StringRecordsIntoIter<io::Chain<Cursor<Vec<u8>>, R>>>, columns: Columns },
}

#[derive(Debug)]
struct Columns {
    code: usize,
    name: usize,
    bps_code: Option<usize>,
    parent: Option<usize>,
}

impl<R: BufRead> RegionReader<R> {
    /// Looks at the first line and chooses the layout.
    ///
    /// # Errors
    /// What reading the source says; `InvalidData` for a CSV header without `code` and `name`.
    pub fn new(mut source: R) -> io::Result<Self> {
        let mut first = Vec::new();
        source.read_until(b'\n', &mut first)?;
        let header = String::from_utf8_lossy(&first).trim().to_ascii_lowercase();
        let is_csv = header.split(',').map(str::trim).any(|name| name.trim_matches('"') == "code");
        if is_csv {
            return Self::csv(Cursor::new(first).chain(source));
        }
        let mut waiting = VecDeque::new();
        read_line(&first, 1, &mut waiting);
        Ok(Self(Layout::Sql { source, line: 1, waiting }))
    }

    fn csv(source: io::Chain<Cursor<Vec<u8>>, R>) -> io::Result<Self> {
        let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(source);
        let header = rows.headers()?.clone();
        let find = |wanted: &str| header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let (Some(code), Some(name)) = (find("code"), find("name")) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the header must name code and name"));
        };
        let bps_code = find("bps_code");
        let is_parent =
            |(place, name): (usize, &str)| (name.ends_with("_code") && Some(place) != bps_code).then_some(place);
        let parent = header.iter().enumerate().find_map(is_parent);
        let columns = Columns { code, name, bps_code, parent };
        Ok(Self(Layout::Csv { rows: Box::new(rows.into_records()), columns }))
    }
}

impl<R: BufRead> Iterator for RegionReader<R> {
    type Item = io::Result<RegionRow>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Layout::Csv { rows, columns } => {
                let line = rows.reader().position().line();
                match rows.next()? {
                    Ok(record) => Some(Ok(columns.region(&record, line))),
                    Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => {
                        Some(Ok(Err(RegionFault { line, kind: RegionFaultKind::Unreadable })))
                    }
                    Err(error) => Some(Err(error.into())),
                }
            }
            Layout::Sql { source, line, waiting } => next_of_sql(source, line, waiting),
        }
    }
}

impl Columns {
    fn region(&self, record: &csv::StringRecord, line: u64) -> RegionRow {
        let line = record.position().map_or(line, csv::Position::line);
        let text = |place: usize| record.get(place).unwrap_or_default();
        let mut region = region(text(self.code), text(self.name), line)?;
        region.bps_code = self.bps_code.map(text).filter(|code| !code.is_empty()).map(str::to_owned);
        if let Some(told) = self.parent.map(text) {
            let parent = region.code.parent();
            let agrees = match parent {
                Some(parent) => OfficialCode::parse(told) == Some(parent),
                None => told.is_empty(),
            };
            if !agrees {
                return Err(RegionFault { line, kind: RegionFaultKind::ParentDiffers });
            }
        }
        Ok(region)
    }
}

fn next_of_sql<R: BufRead>(
    source: &mut R,
    line: &mut u64,
    waiting: &mut VecDeque<RegionRow>,
) -> Option<io::Result<RegionRow>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(row) = waiting.pop_front() {
            return Some(Ok(row));
        }
        bytes.clear();
        match source.read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) => {
                *line += 1;
                read_line(&bytes, *line, waiting);
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

/// Puts the tuples of one line of SQL into `rows`; statements and comments hold none.
fn read_line(bytes: &[u8], line: u64, rows: &mut VecDeque<RegionRow>) {
    let unreadable = || Err(RegionFault { line, kind: RegionFaultKind::Unreadable });
    let Ok(text) = std::str::from_utf8(bytes) else {
        rows.push_back(unreadable());
        return;
    };
    let text = text.trim();
    let is_comment = ["--", "#", "/*"].iter().any(|mark| text.starts_with(mark));
    let mut rest = match text.find("('") {
        Some(place) if !is_comment => text.get(place..).unwrap_or_default(),
        _ if text.starts_with('(') => {
            rows.push_back(unreadable());
            return;
        }
        _ => return,
    };
    while let Some(tuple) = rest.strip_prefix('(') {
        let Some((code, name, after)) = pair(tuple) else {
            rows.push_back(unreadable());
            return;
        };
        rows.push_back(region(&code, &name, line));
        rest = after.trim_start_matches([',', ';', ' ', '\t']);
    }
}

/// The two texts of a tuple after its bracket, and what follows the tuple.
fn pair(text: &str) -> Option<(String, String, &str)> {
    let (code, rest) = quoted(text.trim_start())?;
    let (name, rest) = quoted(rest.trim_start().strip_prefix(',')?.trim_start())?;
    Some((code, name, rest.trim_start().strip_prefix(')')?))
}

/// A text in single quotes, in which a quote is doubled or has a backslash before it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('\'')?;
    let mut value = String::new();
    let mut characters = inside.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        match character {
            '\'' if characters.next_if(|next| next.1 == '\'').is_some() => value.push('\''),
            '\'' => return inside.get(place + 1..).map(|rest| (value, rest)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

fn region(code: &str, name: &str, line: u64) -> RegionRow {
    let Some(code) = OfficialCode::parse(code.trim()) else {
        return Err(RegionFault { line, kind: RegionFaultKind::CodeMalformed });
    };
    let words: Vec<&str> =
        name.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let name = words.join(" ");
    if name.is_empty() || name.len() > 200 {
        return Err(RegionFault { line, kind: RegionFaultKind::NameMissing });
    }
    Ok(OfficialRegion { code, name, bps_code: None, line })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<RegionRow> {
        RegionReader::new(text.as_bytes()).unwrap().map(Result::unwrap).collect()
    }

    fn faults(rows: &[RegionRow]) -> Vec<(u64, &'static str)> {
        rows.iter().filter_map(|row| row.as_ref().err()).map(|fault| (fault.line, fault.kind.as_str())).collect()
    }

    #[test]
    fn the_sql_layout_is_read() {
        let text = "/* a header ('with prose')\n*/\nCREATE TABLE wilayah (\n  kode varchar(13) NOT NULL\n);\n\
            INSERT INTO wilayah (kode, nama)\nVALUES\n('91','Papua'),\n('91.03','Kabupaten Contoh'),('91.03.01', 'Satu'),\n\
            ('91.03.01.3001','Kampung Ba''u'),\n('91.03.01.2001','O\\'Ba');\n";
        let rows = read(text);
        assert_eq!(faults(&rows), []);
        let names: Vec<&str> = rows.iter().map(|row| row.as_ref().unwrap().name.as_str()).collect();
        assert_eq!(names, ["Papua", "Kabupaten Contoh", "Satu", "Kampung Ba'u", "O'Ba"]);
    }

    #[test]
    fn sql_faults_are_told_by_line() {
        let rows = read(
            "insert into wilayah values ('64','Kaltim'),\n('64.2','X'),\n('64.02',''),\n(64,'Y'),\n('64.02','open\n",
        );
        let expected =
            [(2, "region_code_malformed"), (3, "region_name_missing"), (4, "row_unreadable"), (5, "row_unreadable")];
        assert_eq!(faults(&rows), expected);
    }

    #[test]
    fn the_csv_layout_is_read() {
        let rows =
            read("code,district_code,name\n64.02.10.2001,64.02.10,Genting Tanah\n6402102002,640210,\"Loa,  Sakoh\"\n");
        assert_eq!(faults(&rows), []);
        assert_eq!(rows[1].as_ref().unwrap().name, "Loa, Sakoh");
        assert_eq!(rows[1].as_ref().unwrap().code.as_str(), "64.02.10.2002");
    }

    #[test]
    fn csv_faults_are_told_by_line() {
        let rows =
            read("code,regency_code,name\n64.02.10,64.03,A\n64.02.11,64.02\n64.02.1x,64.02,C\n64.02.12,64.02,D\n");
        let expected = [(2, "region_parent_differs"), (3, "region_name_missing"), (4, "region_code_malformed")];
        assert_eq!(faults(&rows), expected);
        assert!(RegionReader::new("code,coordinate\n1,2\n".as_bytes()).is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_a_fault_of_their_line() {
        let bytes: &[u8] = b"code,name\n64,Kaltim\n65,\xff\xfe\n66,Lain\n";
        let rows: Vec<RegionRow> = RegionReader::new(bytes).unwrap().map(Result::unwrap).collect();
        assert_eq!(faults(&rows), [(3, "row_unreadable")]);
        assert_eq!(rows.len(), 3);
    }
}
