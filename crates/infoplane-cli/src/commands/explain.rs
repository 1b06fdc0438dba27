//! `infoplane explain`: the text behind a code.

use infoplane_spec::{Code, closest};
use serde_json::{Map, Value};

use crate::args::{ExplainArgs, Format};
use crate::codes;
use crate::failure::Failure;
use crate::output::{Table, print};

pub(crate) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let codes = codes::all();
    let Some(wanted) = &args.code else { return table(&codes).print(args.format, &["code", "title"]) };
    let name = wanted.trim().to_uppercase();
    let found = codes.iter().find(|code| code.code == name).ok_or_else(|| unknown(wanted, &codes))?;
    match args.format {
        Format::Human => print(&format!("{}: {}\n\n{}\n", found.code, found.title, wrapped(found.text, 80))),
        format => table(std::slice::from_ref(found)).print(format, &[]),
    }
}

fn unknown(wanted: &str, codes: &[Code]) -> Failure {
    let near = closest(&wanted.to_uppercase(), codes.iter().map(|code| code.code));
    let hint = near.map_or("`infoplane explain` lists all codes".to_owned(), |near| format!("the nearest is {near}"));
    Failure::new("IP0107", format!("no code `{wanted}`")).hint(hint)
}

fn table(codes: &[Code]) -> Table {
    let row = |code: &Code| -> Map<String, Value> {
        let cells = [("code", code.code), ("title", code.title), ("text", code.text)];
        cells.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect()
    };
    Table { columns: vec!["code", "title", "text"], rows: codes.iter().map(row).collect() }
}

/// The text in lines of at most `width` characters.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_as_long_as_they_may_be() {
        assert_eq!(wrapped("one two three four", 9), "one two\nthree\nfour");
    }
}
