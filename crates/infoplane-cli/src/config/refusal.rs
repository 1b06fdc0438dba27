//! What a config is refused for, with place, caret and remedy.

use std::ops::Range;

use infoplane_spec::closest;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::layers::{Kind, Layer};
use crate::failure::{Failure, Place};

/// The text is no TOML at all.
pub(crate) fn syntax(origin: &str, text: &str, error: &Error) -> Failure {
    let failure = Failure::new("IP0104", format!("{origin} is not TOML: {}", one_line(error.message())));
    match error.span() {
        Some(span) => failure.at(Place::of(origin, text, span)),
        None => failure,
    }
}

/// A key or value that the config does not take.
pub(crate) fn of_key(layer: &Layer, error: &Error) -> Failure {
    let span = error.span().unwrap_or(0..0);
    let path = DeTable::parse(&layer.text).ok().and_then(|table| path_at(table.get_ref(), &span)).unwrap_or_default();
    match unknown_field(error.message()) {
        Some((key, allowed)) => unknown_key(layer, span, &path, &key, &allowed),
        None => bad_value(layer, span, &path, error.message()),
    }
}

fn unknown_key(layer: &Layer, span: Range<usize>, path: &[String], key: &str, allowed: &[String]) -> Failure {
    let section = path.iter().take_while(|part| *part != key).cloned().collect::<Vec<_>>().join(".");
    let message = if section.is_empty() {
        format!("unknown section [{key}]")
    } else {
        format!("unknown key `{key}` in [{section}]")
    };
    let kind = if section.is_empty() { "sections" } else { "keys" };
    let near = closest(key, allowed.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
    let help = format!("{kind} here: {}", allowed.join(", "));
    placed(Failure::new("IP0102", message).hint(help), layer, span, near.unwrap_or_default())
}

fn bad_value(layer: &Layer, span: Range<usize>, path: &[String], message: &str) -> Failure {
    let message = one_line(message);
    let (got, note) = match message.split_once(", expected ") {
        Some((got, allowed)) => (got.to_owned(), format!("allowed: {}", allowed.trim_start_matches("one of "))),
        None => (message, String::new()),
    };
    let got = got
        .replace("invalid type: ", "got the ")
        .replace("invalid value: ", "got the ")
        .replace("unknown variant ", "got ");
    let got = got.replace("floating point `", "float `");
    placed(Failure::new("IP0103", format!("`{}`: {got}", path.join("."))), layer, span, note)
}

/// What no layer gives, though it must be given.
pub(crate) fn incomplete(text: &str, error: &Error) -> Failure {
    let Some(key) = error.message().strip_prefix("missing field `").map(|key| key.trim_end_matches('`')) else {
        return Failure::new("IP0103", one_line(error.message()));
    };
    let path = error.span().and_then(|span| path_at(DeTable::parse(text).ok()?.get_ref(), &span)).unwrap_or_default();
    let key = [path.as_slice(), &[key.to_owned()]].concat().join(".");
    Failure::new("IP0103", format!("`{key}` is missing: it must be given"))
        .hint("`infoplane new` writes a config with every section")
}

/// The failure at a span of its layer; what has no lines says where it came from instead.
fn placed(failure: Failure, layer: &Layer, span: Range<usize>, note: String) -> Failure {
    match layer.kind {
        Kind::File => failure.at(Place { note, ..Place::of(&layer.origin, &layer.text, span) }),
        Kind::Assignment => failure.set_by(&layer.origin, &note),
    }
}

/// The place of the first `section.key` that the message names and a layer sets, highest authority first.
pub(crate) fn located(failure: Failure, layers: &[Layer]) -> Failure {
    let message = failure.message().to_owned();
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    for key in message.split(|c| !is_key(c)).map(|word| word.trim_matches('.')).filter(|word| word.contains('.')) {
        let found = layers.iter().rev().find_map(|layer| Some((layer, span_of(&layer.text, key)?)));
        if let Some((layer, span)) = found {
            return placed(failure, layer, span, String::new());
        }
    }
    failure
}

/// Key and allowed keys of serde's message for a field it does not know.
fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (key, rest) = rest.split_once('`')?;
    let allowed = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((key.to_owned(), allowed))
}

/// The keys that lead to the innermost key or value at `span`.
fn path_at(table: &DeTable<'_>, span: &Range<usize>) -> Option<Vec<String>> {
    let holds = |outer: Range<usize>| outer.start <= span.start && span.start < outer.end.max(outer.start + 1);
    let deeper = table.iter().find_map(|(key, value)| {
        let path = path_at(value.get_ref().as_table()?, span)?;
        Some([vec![key.get_ref().to_string()], path].concat())
    });
    deeper.or_else(|| {
        let found = table.iter().find(|(key, value)| holds(key.span()) || holds(value.span()));
        found.map(|(key, _)| vec![key.get_ref().to_string()])
    })
}

/// The bytes of the value that `key` (dotted) has in `text`, or of the nearest table around it that is written out.
fn span_of(text: &str, key: &str) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let mut table = table.get_ref();
    let mut span = None;
    for (depth, part) in key.split('.').enumerate() {
        let Some(value) = lookup(table, part) else { break };
        // A section alone is no place: the key is not set here.
        span = (depth > 0).then(|| value.span());
        match value.get_ref().as_table() {
            Some(inner) => table = inner,
            None => break,
        }
    }
    span
}

fn lookup<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

fn one_line(message: &str) -> String {
    message.lines().map(str::trim).collect::<Vec<_>>().join(", ")
}
