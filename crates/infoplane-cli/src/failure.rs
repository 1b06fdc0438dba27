//! How an error reaches the user: code, message, place, remedy, and the exit code of its family.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::OnceLock;

use infoplane_spec::Coded;

use crate::args::Color;

/// The code of a run that was stopped on purpose and can be resumed.
#[cfg_attr(not(feature = "train"), allow(dead_code, reason = "only training can be interrupted"))]
pub(crate) const INTERRUPTED: u8 = 130;

/// An error, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
    place: Option<Box<Place>>,
    hint: Option<String>,
    exit: u8,
}

/// Where in a text the error lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// File, or the flag or variable that the text came from.
    pub(crate) origin: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Counted from 1, in characters.
    pub(crate) column: usize,
    /// The line itself.
    pub(crate) text: String,
    /// Characters to underline.
    pub(crate) width: usize,
    /// What to say beside the carets.
    pub(crate) note: String,
}

impl Place {
    /// The place of the byte range `span` in `text`.
    pub(crate) fn of(origin: &str, text: &str, span: std::ops::Range<usize>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor_char_boundary(text, span.end).clamp(start, line_end);
        Self {
            origin: origin.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            text: text[line_start..line_end].trim_end().to_owned(),
            width: text[start..end].chars().count().max(1),
            note: String::new(),
        }
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

impl<E: Coded> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let text = inner.to_string();
            if !message.contains(&text) {
                let _ = write!(message, ": {text}");
            }
            cause = inner.source();
        }
        let hint = error.hint();
        Self { hint, ..Self::new(error.code(), message) }
    }
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, hint: None, exit: exit_of(code) }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// Says that the cause stood in a flag or variable, with what to note about it.
    pub(crate) fn set_by(mut self, origin: &str, note: &str) -> Self {
        let _ = write!(self.message, " (in `{origin}`)");
        if !note.is_empty() {
            self.hint = Some(self.hint.map_or(note.to_owned(), |hint| format!("{note} {hint}")));
        }
        self
    }

    /// Ends the program with `exit` in place of the family's code.
    #[cfg_attr(not(feature = "train"), allow(dead_code, reason = "only training can be interrupted"))]
    pub(crate) fn exit(mut self, exit: u8) -> Self {
        self.exit = exit;
        self
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit)
    }

    /// Shows the error on standard error.
    pub(crate) fn print(&self) {
        crate::output::tell(self.render(&Paint::stderr()).trim_end());
    }

    /// The error as shown without colour.
    #[cfg(test)]
    pub(crate) fn plain(&self) -> String {
        self.render(&Paint { on: false })
    }

    fn render(&self, paint: &Paint) -> String {
        let mut text = format!("{}: {}\n", paint.red(&format!("error[{}]", self.code)), self.message);
        let indent = match &self.place {
            Some(place) => render_place(&mut text, place, paint),
            None => 1,
        };
        let bar = format!("{:indent$} {}", "", paint.blue("="));
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "{bar} help: {hint}");
        }
        let _ = writeln!(text, "{bar} more: infoplane explain {}", self.code);
        text
    }
}

/// Draws the place as compilers do and returns the width of its margin.
fn render_place(text: &mut String, place: &Place, paint: &Paint) -> usize {
    let number = place.line.to_string();
    let margin = number.len();
    let bar = paint.blue("|");
    let carets = paint.red(&"^".repeat(place.width));
    let _ = writeln!(text, "  {}:{}:{}", place.origin, place.line, place.column);
    let _ = writeln!(text, "{:margin$} {bar}", "");
    let _ = writeln!(text, "{} {bar} {}", paint.blue(&number), place.text);
    let underline = format!("{:margin$} {bar} {:before$}{carets} {}", "", "", place.note, before = place.column - 1);
    let _ = writeln!(text, "{}", underline.trim_end());
    margin
}

/// The exit code of a family: usage and config 2, unusable data 3, the rest 1. Of estimation, what was asked wrongly is
/// usage, and what there are too few or too many rows for is data.
fn exit_of(code: &str) -> u8 {
    match code.get(..4) {
        _ if ["IP0500", "IP0501", "IP0504", "IP0505"].contains(&code) => 2,
        _ if ["IP0502", "IP0503"].contains(&code) => 3,
        Some("IP01") => 2,
        Some("IP02") => 3,
        _ => 1,
    }
}

/// `--color`, which holds for everything the program says; set once, before anything is said.
static COLOR: OnceLock<Color> = OnceLock::new();

/// Colours, or none.
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// Takes `--color` for the whole program.
    pub(crate) fn choose(color: Color) {
        COLOR.get_or_init(|| color);
    }

    /// As standard error takes colours.
    pub(crate) fn stderr() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let on = match COLOR.get().copied().unwrap_or(Color::Auto) {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !unwanted && std::io::stderr().is_terminal(),
        };
        Self { on }
    }

    pub(crate) fn red(&self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    pub(crate) fn yellow(&self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    pub(crate) fn blue(&self, text: &str) -> String {
        self.wrap("1;34", text)
    }

    fn wrap(&self, style: &str, text: &str) -> String {
        if self.on { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Shows a coded warning on standard error.
pub(crate) fn warn(code: &str, message: &str) {
    crate::output::tell(&format!("{}: {message}", Paint::stderr().yellow(&format!("warning[{code}]"))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_its_place_and_remedy() {
        let text = "[mi]\nbinz = 30\n";
        let mut place = Place::of("ib.toml", text, 5..9);
        place.note = "did you mean `bins`?".to_owned();
        let failure = Failure::new("IP0102", "unknown key `binz` in [mi]").at(place).hint("keys here: estimators");
        let expected = "error[IP0102]: unknown key `binz` in [mi]\n  ib.toml:2:1\n  |\n2 | binz = 30\n  | ^^^^ did you mean \
                        `bins`?\n  = help: keys here: estimators\n  = more: infoplane explain IP0102\n";
        assert_eq!(failure.render(&Paint { on: false }), expected);
    }

    #[test]
    fn columns_count_characters_and_spans_never_leave_the_line() {
        let text = "a = \"é\" # ü\nb = 1\n";
        let place = Place::of("f", text, 4..40);
        assert_eq!((place.line, place.column, place.width), (1, 5, 7));
        let place = Place::of("f", text, 999..1000);
        assert_eq!((place.line, place.column, place.width), (3, 1, 1));
    }

    #[test]
    fn families_have_their_exit_codes() {
        assert_eq!(["IP0102", "IP0201", "IP0401", "IP0601"].map(exit_of), [2, 3, 1, 1]);
        assert_eq!(["IP0501", "IP0502", "IP0504", "IP0599"].map(exit_of), [2, 3, 2, 1]);
    }
}
