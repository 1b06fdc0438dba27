//! Text: cells divided by tabs, semicolons, commas or blanks.

use std::borrow::Cow;

use super::{Column, Table};
use crate::{RecordError, Result};

/// Lines that are looked at to tell what divides the cells.
const LOOKED_AT: usize = 100;

/// Whether the first line of a text names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Header {
    /// It does if none of its cells is a number, or if a word in it stands above a number.
    #[default]
    Auto,
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Divider {
    Byte(u8),
    Blanks,
}

/// A line of cells with its number, from 1.
type Line<'a> = (u32, Vec<Cow<'a, str>>);

pub(super) fn read(name: &str, bytes: &[u8], header: Header) -> Result<Table> {
    let text = decoded(name, bytes)?;
    let divider = Divider::of(text);
    let first = content(text).next().ok_or_else(|| RecordError::table(name, "it holds no rows"))?;
    let first = divider.split(name, first)?;
    let second = content(text).nth(1).map(|line| divider.split(name, line)).transpose()?;
    let named = match header {
        Header::Yes => true,
        Header::No => false,
        Header::Auto => is_header(&first.1, second.as_ref().map(|line| line.1.as_slice())),
    };
    let names = match named {
        true => first.1.iter().map(|cell| cell.clone().into_owned()).collect(),
        false => names_above(text, first.0, first.1.len(), divider),
    };
    columns(name, text, divider, names, usize::from(named))
}

fn decoded<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes {
        return Err(RecordError::table(name, "it is UTF-16 text; save it as UTF-8"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let (line, column) =
            (before.matches('\n').count() + 1, before.chars().rev().take_while(|&c| c != '\n').count());
        let place = format!("{name}, line {line}, character {column}");
        RecordError::table(&place, "this is no UTF-8 text, and no format that is known here")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The lines that hold cells, with their numbers.
fn content(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at as u32 + 1, line));
    lines.filter(|(_, line)| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'))
}

impl Divider {
    /// The first that divides every line into the same number of cells, at least two; else the first that divides
    /// the first line and half of the others, so that the uneven line is named; else blanks.
    fn of(text: &str) -> Self {
        let candidates = [Self::Byte(b'\t'), Self::Byte(b';'), Self::Byte(b','), Self::Blanks];
        let counts = candidates.map(|divider| {
            let cells = |line| divider.split("", line).map_or(1, |line| line.1.len());
            content(text).take(LOOKED_AT).map(cells).collect::<Vec<_>>()
        });
        let divided = |counts: &[usize]| counts.iter().filter(|&&count| count > 1).count();
        let even = counts.iter().position(|counts| counts.iter().all(|&count| count > 1 && count == counts[0]));
        let most =
            |counts: &Vec<usize>| counts.first().is_some_and(|&count| count > 1) && 2 * divided(counts) >= counts.len();
        even.or_else(|| counts.iter().position(most)).map_or(Self::Blanks, |place| candidates[place])
    }

    fn split<'a>(self, name: &str, (number, line): (u32, &'a str)) -> Result<Line<'a>> {
        let cells = match self {
            Self::Blanks => line.split_whitespace().map(Cow::Borrowed).collect(),
            Self::Byte(byte) if line.contains('"') => quoted(name, number, line, byte)?,
            Self::Byte(byte) => line.split(char::from(byte)).map(|cell| Cow::Borrowed(cell.trim())).collect(),
        };
        Ok((number, cells))
    }
}

/// The cells of a line with quotes.
fn quoted<'a>(name: &str, number: u32, line: &str, delimiter: u8) -> Result<Vec<Cow<'a, str>>> {
    let bad = |why: &str| RecordError::table(&format!("{name}, line {number}"), why);
    if line.matches('"').count() % 2 == 1 {
        return Err(bad("a quote is opened and not closed on the same line"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .buffer_capacity(line.len().max(1))
        .from_reader(line.as_bytes());
    match reader.records().next() {
        Some(Ok(record)) => Ok(record.iter().map(|cell| Cow::Owned(cell.to_owned())).collect()),
        Some(Err(error)) => Err(bad(&error.to_string())),
        None => Ok(Vec::new()),
    }
}

/// A cell as a number: `None` for a word, NaN where missing.
fn number(cell: &str) -> Option<f64> {
    match cell {
        "" | "NA" | "N/A" | "null" | "None" => Some(f64::NAN),
        _ => cell.parse().ok(),
    }
}

fn is_header(first: &[Cow<str>], second: Option<&[Cow<str>]>) -> bool {
    let is_word = |cell: &Cow<str>| number(cell).is_none();
    let is_number = |cell: &Cow<str>| number(cell).is_some_and(|value| !value.is_nan());
    let words_above_numbers =
        || first.iter().zip(second.unwrap_or_default()).any(|(above, below)| is_word(above) && is_number(below));
    first.iter().any(is_word) && (!first.iter().any(is_number) || words_above_numbers())
}

/// Names from a comment right above the first row, if they are as many as the columns and no numbers; else places.
fn names_above(text: &str, first: u32, columns: usize, divider: Divider) -> Vec<String> {
    let above = text.lines().nth((first as usize).wrapping_sub(2)).unwrap_or_default().trim_start();
    let words: Vec<String> = match above.strip_prefix('#').map(|rest| divider.split("", (0, rest.trim()))) {
        Some(Ok((_, cells))) => cells.into_iter().map(Cow::into_owned).collect(),
        _ => Vec::new(),
    };
    match words.len() == columns && words.iter().all(|word| number(word).is_none()) {
        true => words,
        false => (0..columns).map(|place| place.to_string()).collect(),
    }
}

/// Reads the rows after `skip` lines.
fn columns(name: &str, text: &str, divider: Divider, names: Vec<String>, skip: usize) -> Result<Table> {
    let mut numbers: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let mut wordy = vec![None; names.len()];
    let mut lines = Vec::new();
    for line in content(text).skip(skip) {
        let (line, cells) = divider.split(name, line)?;
        if cells.len() != names.len() {
            return Err(uneven(name, line, cells.len(), names.len(), skip == 1));
        }
        for (place, cell) in cells.iter().enumerate() {
            numbers[place].push(number(cell).unwrap_or_else(|| {
                wordy[place].get_or_insert_with(|| (lines.len(), cell.clone().into_owned()));
                f64::NAN
            }));
        }
        lines.push(line);
    }
    if lines.is_empty() {
        return Err(RecordError::table(name, "it holds a header and no rows"));
    }
    let columns = names.into_iter().zip(numbers).zip(wordy).enumerate();
    let columns = columns.map(|(place, ((column, values), first))| match first {
        None => Ok(Column::numbers(column, values)),
        Some(first) => words(name, text, divider, skip, place, column, &values, first),
    });
    let columns = columns.collect::<Result<_>>()?;
    Ok(Table { name: name.to_owned(), columns, unread: Vec::new(), trials: None, lines: Some(lines) })
}

/// Reads a column again that holds words.
#[allow(clippy::too_many_arguments, reason = "one place, what was found there, and where to read it again")]
fn words(
    name: &str,
    text: &str,
    divider: Divider,
    skip: usize,
    place: usize,
    column: String,
    values: &[f64],
    first: (usize, String),
) -> Result<Column> {
    let rows = content(text).skip(skip).map(|line| divider.split(name, line).map(|mut line| line.1.swap_remove(place)));
    let cells = rows.collect::<Result<Vec<_>>>()?;
    let missing = |cell: &str| number(cell).is_some_and(f64::is_nan);
    let cells: Vec<Option<&str>> = cells.iter().map(|cell| Some(cell.as_ref()).filter(|cell| !missing(cell))).collect();
    Ok(Column::words(column, &cells, values.iter().any(|value| !value.is_nan()).then_some(first)))
}

fn uneven(name: &str, line: u32, got: usize, wanted: usize, header: bool) -> RecordError {
    let whose = if header { "the header" } else { "the first row" };
    let column = got.min(wanted);
    RecordError::table(
        &format!("{name}, line {line}, column {column}"),
        format!("the line has {got} {}, {whose} has {wanted}", if got == 1 { "cell" } else { "cells" }),
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Cells, Header, Table};

    fn read(text: &str) -> Table {
        Table::from_bytes("t.csv", text.as_bytes(), Header::Auto).unwrap()
    }

    fn refused(text: &str) -> String {
        Table::from_bytes("t.csv", text.as_bytes(), Header::Auto).unwrap_err().to_string()
    }

    fn names(table: &Table) -> Vec<&str> {
        table.columns().iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn every_divider_gives_the_same_numbers() {
        for text in [
            "a,b\n1.5,2\n3,-4e-1\n",
            "a;b\n1.5;2\n3;-4e-1\n",
            "a\tb\n1.5\t2\n3\t-4e-1\n",
            "a b\n1.5 2\n 3   -4e-1\n",
            "# made by hand\n\na, b\r\n1.5, 2\r\n# between\r\n3 ,-4e-1",
            "\u{feff}\"a\",\"b\"\n1.5,\"2\"\n3,-4e-1\n",
        ] {
            let table = read(text);
            assert_eq!(names(&table), ["a", "b"], "{text:?}");
            assert_eq!(table.numbers(&[0, 1], 0..2).unwrap(), [1.5, 2.0, 3.0, -0.4], "{text:?}");
        }
    }

    #[test]
    fn names_come_from_a_header_a_comment_or_the_place() {
        assert_eq!(names(&read("1,2\n3,4\n")), ["0", "1"]);
        assert_eq!(names(&read("# x y\n1 2\n3 4\n")), ["x", "y"]);
        assert_eq!(names(&read("# two columns here\n1 2\n3 4\n")), ["0", "1"]);
        assert_eq!(names(&read(",t1,t2\n0,1,2\n")), ["", "t1", "t2"]);
        assert_eq!(names(&read("state,1\nrem,1\nrem,2\n")), ["0", "1"]);
        assert_eq!(names(&read("time,1\n0.5,1\n0.6,2\n")), ["time", "1"]);
        let forced = Table::from_bytes("t", b"1,2\n3,4\n", Header::Yes).unwrap();
        assert_eq!((names(&forced), forced.rows(&[0]).unwrap()), (vec!["1", "2"], 1));
        assert_eq!(Table::from_bytes("t", b"a,b\nc,d\n", Header::No).unwrap().rows(&[0]).unwrap(), 2);
    }

    #[test]
    fn what_is_missing_and_what_is_a_word() {
        let table = read("a,b,c\n1,wake,1\n,rem,x\nNA,wake,3\nnan,,4\n");
        assert!(table.numbers(&[0], 1..4).unwrap().iter().all(|value| value.is_nan()));
        assert_eq!(table.symbols(&[1], 0..4).unwrap(), [Some(1), Some(0), Some(1), None]);
        assert!(matches!(&table.columns()[1].cells, Cells::Words { words, .. } if words == &["rem", "wake"]));
        let error = table.numbers(&[2], 0..4).unwrap_err().to_string();
        assert_eq!(error, "t.csv, line 3, column 2: `x` in column `c` is no number");
        assert_eq!(table.symbols(&[2], 0..4).unwrap_err().to_string(), error);
        assert_eq!(table.trial_numbers(2, 0..4).unwrap(), [0, 3, 1, 2]);
        assert_eq!(table.missing(3, 1).to_string(), "t.csv, line 5, column 1: the cell of column `b` is missing");
    }

    #[test]
    fn symbols_are_whole_numbers() {
        let table = read("a,b,c\n0,-1,0.5\n5,1,2\n5,-1,3\n");
        assert_eq!(table.symbols(&[0, 1], 0..3).unwrap(), [0, 0, 5, 1, 5, 0].map(Some));
        let error = table.symbols(&[2], 0..3).unwrap_err().to_string();
        assert_eq!(error, "t.csv, line 2, column 2: 0.5 in column `c` is no whole number");
        assert!(table.symbols(&[2], 1..3).is_ok());
    }

    #[test]
    fn malformed_lines_are_named() {
        for (text, message) in [
            ("a,b\n1,2\n3\n", "t.csv, line 3, column 1: the line has 1 cell, the header has 2"),
            ("1,2\n# why\n3,4,5\n", "t.csv, line 3, column 2: the line has 3 cells, the first row has 2"),
            ("a,b\n\"1,2\n", "t.csv, line 2: a quote is opened and not closed on the same line"),
            ("", "t.csv: it holds no rows"),
            ("# nothing\n", "t.csv: it holds no rows"),
            ("a,b\n", "t.csv: it holds a header and no rows"),
        ] {
            assert_eq!(refused(text), message);
        }
        let error = Table::from_bytes("t.csv", b"a,b\n1,\xff\n", Header::Auto).unwrap_err().to_string();
        assert!(error.starts_with("t.csv, line 2, character 2: "), "{error}");
        assert!(Table::from_bytes("t.csv", b"\xff\xfea", Header::Auto).unwrap_err().to_string().contains("UTF-16"));
    }
}
