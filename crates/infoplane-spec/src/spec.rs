//! The grammar `name`, `name:value`, `name:key=value,key=value`.

use std::fmt;
use std::str::FromStr;

use crate::{Code, Coded};

/// A parsed spec: a name, at most one bare value, and keyed values in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    name: String,
    bare: Option<String>,
    keyed: Vec<(String, String)>,
}

/// Why a spec, a range or one of their values was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The text does not follow the grammar.
    #[error("`{text}` is no spec: {why}")]
    Grammar {
        /// What was written.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// No entry has this name.
    #[error("unknown {kind} `{name}`")]
    UnknownName {
        /// What was looked for: `estimator`, `data set` …
        kind: &'static str,
        /// What was written.
        name: String,
        /// The names there are.
        allowed: Vec<&'static str>,
    },
    /// The entry has no such key.
    #[error("`{entry}` has no parameter `{key}`")]
    UnknownKey {
        /// The entry.
        entry: &'static str,
        /// What was written.
        key: String,
        /// The keys there are.
        allowed: Vec<&'static str>,
    },
    /// A value that its parameter does not allow.
    #[error("`{entry}`: {key} = `{got}` is not allowed: {allowed}")]
    Value {
        /// The entry.
        entry: String,
        /// The parameter.
        key: String,
        /// What was written.
        got: String,
        /// What is allowed, in words.
        allowed: String,
    },
    /// No inclusive range.
    #[error("`{text}` is no range: write `a..b` with a ≤ b (both ends included), or one number")]
    Range {
        /// What was written.
        text: String,
    },
}

pub(crate) const CODES: &[Code] = &[
    Code {
        code: "IP0110",
        title: "a spec does not follow the grammar",
        text: "Estimators, symbols and nulls are written `name`, `name:value` or `name:key=value,key=value`, without \
               spaces, for example `bins:30` or `bins:cells=30,outside=clip`. A bare value belongs to the first key.",
    },
    Code {
        code: "IP0111",
        title: "a spec names something that does not exist",
        text: "The name before the colon is not one of those known here. The message lists them, or the nearest one.",
    },
    Code {
        code: "IP0112",
        title: "a spec sets a parameter that its entry does not have",
        text: "Every key after the colon must be a parameter of the named entry; a key without effect would be a \
               silent mistake, so it is refused. The message lists the parameters.",
    },
    Code {
        code: "IP0113",
        title: "a parameter of a spec has a value that is not allowed",
        text: "The value does not parse as the parameter's type or lies outside its range. The message names the \
               parameter, what it got and what is allowed.",
    },
    Code {
        code: "IP0114",
        title: "a range does not read as one",
        text: "Ranges are written `a..b` and include both ends, everywhere: `0..4` are five numbers.",
    },
];

impl Coded for SpecError {
    fn code(&self) -> &'static str {
        match self {
            Self::Grammar { .. } => "IP0110",
            Self::UnknownName { .. } => "IP0111",
            Self::UnknownKey { .. } => "IP0112",
            Self::Value { .. } => "IP0113",
            Self::Range { .. } => "IP0114",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownName { name, allowed, .. } => Some(crate::did_you_mean(name, allowed)),
            Self::UnknownKey { allowed, .. } if allowed.is_empty() => Some("it takes no parameters".to_owned()),
            Self::UnknownKey { key, allowed, .. } => Some(crate::did_you_mean(key, allowed)),
            _ => None,
        }
    }
}

impl Spec {
    /// The name before the colon.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value without a key, if one was written.
    pub fn bare(&self) -> Option<&str> {
        self.bare.as_deref()
    }

    /// The value written for `key`, if any.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.keyed.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// The keyed values in the order written.
    pub fn keyed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.keyed.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl FromStr for Spec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let refuse = |why: &str| SpecError::Grammar { text: text.to_owned(), why: why.to_owned() };
        let (name, arguments) = match text.split_once(':') {
            Some((_, "")) => return Err(refuse("nothing follows the colon")),
            Some((name, rest)) => (name, rest.split(',').collect()),
            None => (text, Vec::new()),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            return Err(refuse("it must begin with a name of letters, digits and hyphens"));
        }
        let mut spec = Self { name: name.to_owned(), bare: None, keyed: Vec::new() };
        for (place, argument) in arguments.into_iter().enumerate() {
            match argument.split_once('=') {
                Some((key, value)) if key.is_empty() || value.is_empty() => {
                    return Err(refuse("a parameter is written `key=value`"));
                }
                Some((key, _)) if spec.get(key).is_some() => return Err(refuse(&format!("`{key}` is set twice"))),
                Some((key, value)) => spec.keyed.push((key.to_owned(), value.to_owned())),
                None if argument.is_empty() => return Err(refuse("a value is missing between commas")),
                None if place == 0 => spec.bare = Some(argument.to_owned()),
                None => return Err(refuse("only the first value may stand without a key")),
            }
        }
        Ok(spec)
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = self.bare.iter().cloned().chain(self.keyed.iter().map(|(key, value)| format!("{key}={value}")));
        let arguments: Vec<String> = arguments.collect();
        match arguments.is_empty() {
            true => write!(f, "{}", self.name),
            false => write!(f, "{}:{}", self.name, arguments.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_comes_back() {
        for text in ["plugin", "bins:30", "ksg:k=4,alg=2", "binary:0.9,per=classes", "binary:abs=1.0"] {
            assert_eq!(text.parse::<Spec>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn bad_specs_say_why() {
        for (text, why) in [
            ("", "begin with a name"),
            ("bins:", "nothing follows"),
            ("bins:30,", "missing between commas"),
            ("bins:cells=1,cells=2", "set twice"),
            ("bins:cells=", "key=value"),
            ("bins:cells=3,30", "only the first"),
            ("b ins", "begin with a name"),
        ] {
            let message = text.parse::<Spec>().unwrap_err().to_string();
            assert!(message.contains(why), "{text}: {message}");
        }
    }
}
