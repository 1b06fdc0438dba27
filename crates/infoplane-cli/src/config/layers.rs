//! The layers a config is made of: the file, the variables and `--set`, each checked on its own, then merged.

use infoplane::plan::{MiConfig, TeConfig};
use infoplane_record::RecordConfig;
use toml::{Table, Value};

use super::{Config, ReportConfig, RunConfig, refusal};
use crate::failure::Failure;

/// Variables of this name are not about the config.
const OTHER_VARIABLES: &[&str] = &["INFOPLANE_SIMD"];

/// One source of keys.
#[derive(Debug)]
pub(crate) struct Layer {
    /// The file's path, or the variable or flag as given.
    pub(crate) origin: String,
    /// TOML text: the file, or one assignment.
    pub(crate) text: String,
    pub(crate) kind: Kind,
    table: Table,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    /// A variable or `--set`: one assignment, which has no line or column worth showing.
    Assignment,
}

impl Layer {
    pub(crate) fn file(origin: &str, text: &str) -> Result<Self, Failure> {
        let table = toml::from_str(text).map_err(|error| refusal::syntax(origin, text, &error))?;
        Ok(Self { origin: origin.to_owned(), text: text.to_owned(), kind: Kind::File, table })
    }

    /// `KEY=VALUE` of `--set`.
    pub(crate) fn set(assignment: &str) -> Result<Self, Failure> {
        let origin = format!("--set {assignment}");
        let bad = |why: &str| {
            Failure::new("IP0105", format!("`{origin}`: {why}"))
                .hint("write `--set SECTION.KEY=VALUE`, such as `--set train.lr=1e-3`")
        };
        let (key, value) = assignment.split_once('=').ok_or_else(|| bad("there is no `=`"))?;
        let path: Vec<&str> = key.trim().split('.').map(str::trim).collect();
        if path.len() < 2 || path.iter().any(|part| part.is_empty()) {
            return Err(bad("the key is not of the form SECTION.KEY"));
        }
        Ok(Self::assignment(origin, &path, value))
    }

    /// The variable `INFOPLANE_SECTION_KEY`.
    pub(crate) fn variable(name: &str, value: &str) -> Result<Self, Failure> {
        let origin = format!("{name}={value}");
        if OTHER_VARIABLES.contains(&name) {
            return Ok(Self { origin, text: String::new(), kind: Kind::Assignment, table: Table::new() });
        }
        let words = name.trim_start_matches("INFOPLANE_").to_lowercase();
        let path = split_words(&defaults("run")?, &words).ok_or_else(|| {
            Failure::new("IP0105", format!("the variable {name} names no section and key of the config"))
                .hint("INFOPLANE_SECTION_KEY, such as INFOPLANE_TRAIN_LR; unset it if it was not meant")
        })?;
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Ok(Self::assignment(origin, &path, value))
    }

    fn assignment(origin: String, path: &[&str], value: &str) -> Self {
        let value = value_of(value);
        let table = path
            .iter()
            .rev()
            .fold(value, |inner, key| Value::Table([((*key).to_owned(), inner)].into_iter().collect()));
        let table = match table {
            Value::Table(table) => table,
            _ => Table::new(),
        };
        let text = table.to_string();
        Self { origin, text, kind: Kind::Assignment, table }
    }

    /// Refuses unknown keys and mistyped values of this layer alone, so that the error can name its source.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match toml::from_str::<Config>(&self.text) {
            // A table given in part is completed by other layers and the defaults.
            Err(error) if !error.message().starts_with("missing field") => Err(refusal::of_key(self, &error)),
            _ => Ok(()),
        }
    }
}

/// The built-in config as a table.
fn defaults(name: &str) -> Result<Table, Failure> {
    let bad = |error| Failure::new("IP0103", format!("the built-in config: {error}"));
    let mut table = Table::new();
    for section in ["data", "model", "train"] {
        table.insert(section.to_owned(), Value::Table(Table::new()));
    }
    let run = RunConfig { name: name.to_owned(), ..RunConfig::default() };
    table.insert("run".to_owned(), Value::try_from(run).map_err(bad)?);
    #[cfg(feature = "train")]
    table.insert("train".to_owned(), Value::try_from(infoplane_nets::TrainConfig::default()).map_err(bad)?);
    table.insert("record".to_owned(), Value::try_from(RecordConfig::default()).map_err(bad)?);
    table.insert("mi".to_owned(), Value::try_from(MiConfig::default()).map_err(bad)?);
    table.insert("te".to_owned(), Value::try_from(TeConfig::default()).map_err(bad)?);
    table.insert("report".to_owned(), Value::try_from(ReportConfig::default()).map_err(bad)?);
    Ok(table)
}

/// All layers over the built-in config.
pub(crate) fn merged(name: &str, layers: &[Layer]) -> Result<Config, Failure> {
    let mut table = defaults(name)?;
    for layer in layers {
        merge(&mut table, &layer.table);
    }
    // From text, because a whole number is then also taken where a float is wanted.
    let text = table.to_string();
    toml::from_str(&text).map_err(|error| refusal::incomplete(&text, &error))
}

/// Tables merge key by key, everything else is replaced.
fn merge(under: &mut Table, over: &Table) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(value)) => merge(inner, value),
            _ => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

/// The file, and what was set over it as comments.
pub(crate) fn as_given(text: &str, layers: &[Layer]) -> String {
    let over = layers.iter().filter(|layer| layer.kind == Kind::Assignment && !layer.text.is_empty());
    let over: Vec<String> = over.map(|layer| format!("# {}\n", layer.origin.replace(['\n', '\r'], " "))).collect();
    over.concat() + text
}

/// A TOML value; what does not read as one is a text.
fn value_of(text: &str) -> Value {
    let text = text.trim();
    let alone = |table: Table| (table.len() == 1).then(|| table.into_iter().next()).flatten();
    let parsed = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(alone);
    parsed.map_or_else(|| Value::String(text.to_owned()), |(_, value)| value)
}

/// `te_history_k` as the path te, history, k: a section, then its key, deeper only through tables that exist.
fn split_words(table: &Table, words: &str) -> Option<Vec<String>> {
    let inner = table.iter().find_map(|(key, value)| {
        let rest = words.strip_prefix(key.as_str())?.strip_prefix('_')?;
        Some((key, value.as_table()?, rest))
    });
    let (key, table, rest) = inner?;
    let mut path = vec![key.clone()];
    match split_words(table, rest) {
        Some(deeper) if !table.contains_key(rest) => path.extend(deeper),
        _ => path.push(rest.to_owned()),
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_toml_and_bare_words_are_texts() {
        assert_eq!(value_of("1e-3"), Value::Float(1e-3));
        assert_eq!(value_of("[1, 2]"), Value::Array(vec![Value::Integer(1), Value::Integer(2)]));
        assert_eq!(value_of("tanh"), Value::String("tanh".to_owned()));
        assert_eq!(value_of("bins:30"), Value::String("bins:30".to_owned()));
        assert_eq!(value_of("1\nother = 2"), Value::String("1\nother = 2".to_owned()));
    }

    #[test]
    fn variables_find_their_key_though_keys_hold_underscores() {
        let table: Table = toml::from_str("[te]\nmax_units = 1\nhistory = { k = 1, target_tau = 1 }").unwrap();
        let path = |words| split_words(&table, words).map(|path| path.join("."));
        assert_eq!(path("te_max_units").as_deref(), Some("te.max_units"));
        assert_eq!(path("te_history_target_tau").as_deref(), Some("te.history.target_tau"));
        assert_eq!(path("te_stride").as_deref(), Some("te.stride"));
        assert_eq!(path("zz_stride"), None);
    }
}
