//! One registry shape for estimators, transforms, nulls, data sets and figures.

use std::str::FromStr;

use crate::{Spec, SpecError};

/// One parameter of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The key in a spec.
    pub key: &'static str,
    /// The value taken where none is written; `None` where one must be.
    pub default: Option<&'static str>,
    /// Meaning, unit and allowed values, in one line.
    pub summary: &'static str,
}

/// One entry of a registry: a name a user can write, what it is, where it comes from, and how to build it.
///
/// ```
/// use infoplane_spec::{Entry, Parameter, find};
///
/// struct Bins(usize);
/// const TRANSFORMS: &[Entry<Bins>] = &[Entry {
///     name: "bins",
///     summary: "cells of equal width",
///     citation: "",
///     parameters: &[Parameter { key: "cells", default: Some("30"), summary: "number of cells, at least 1" }],
///     build: |arguments| Ok(Bins(arguments.parse("cells", "a whole number")?)),
/// }];
/// let (bins, canonical) = find("transform", TRANSFORMS, &"bins".parse()?)?;
/// assert_eq!((bins.0, canonical.as_str()), (30, "bins:cells=30"));
/// # Ok::<(), infoplane_spec::SpecError>(())
/// ```
pub struct Entry<T> {
    /// The name before the colon.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Paper with DOI, or empty.
    pub citation: &'static str,
    /// The parameters; a bare value is the first one's.
    pub parameters: &'static [Parameter],
    /// Builds the thing from its resolved arguments.
    pub build: fn(&Arguments) -> Result<T, SpecError>,
}

/// The arguments of one entry, defaults filled in, in the entry's own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    entry: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Arguments {
    /// The text of a parameter.
    ///
    /// # Panics
    /// If the entry has no such parameter: a mistake of the registry, not of the user.
    pub fn text(&self, key: &str) -> &str {
        let found = self.values.iter().find(|(k, _)| *k == key);
        &found.unwrap_or_else(|| panic!("`{}` declares no parameter `{key}`", self.entry)).1
    }

    /// A parameter, parsed; `allowed` says in words what would be.
    ///
    /// # Errors
    /// [`SpecError::Value`] if the text does not parse.
    pub fn parse<T: FromStr>(&self, key: &str, allowed: &str) -> Result<T, SpecError> {
        self.text(key).parse().map_err(|_| self.refuse(key, allowed))
    }

    /// A parameter, parsed and checked.
    ///
    /// # Errors
    /// [`SpecError::Value`] if the text does not parse or `check` does not hold.
    pub fn check<T: FromStr>(&self, key: &str, allowed: &str, check: impl Fn(&T) -> bool) -> Result<T, SpecError> {
        self.parse(key, allowed).ok().filter(check).ok_or_else(|| self.refuse(key, allowed))
    }

    /// The error that refuses what `key` got.
    pub fn refuse(&self, key: &str, allowed: &str) -> SpecError {
        SpecError::Value {
            entry: self.entry.to_owned(),
            key: key.to_owned(),
            got: self.text(key).to_owned(),
            allowed: allowed.to_owned(),
        }
    }

    /// Key and text of every parameter that has a value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (*key, value.as_str()))
    }

    /// `name:key=value,…` with every key written.
    pub fn canonical(&self) -> String {
        let written: Vec<String> = self.iter().map(|(key, value)| format!("{key}={value}")).collect();
        match written.is_empty() {
            true => self.entry.to_owned(),
            false => format!("{}:{}", self.entry, written.join(",")),
        }
    }
}

impl<T> Entry<T> {
    /// Resolves a spec against this entry's parameters.
    ///
    /// # Errors
    /// [`SpecError`] for a key the entry does not have, a bare value it does not take, or a value that is missing.
    pub fn arguments(&self, spec: &Spec) -> Result<Arguments, SpecError> {
        let allowed = || self.parameters.iter().map(|p| p.key).collect::<Vec<_>>();
        let unknown = |key: &str| SpecError::UnknownKey { entry: self.name, key: key.to_owned(), allowed: allowed() };
        if let Some((key, _)) = spec.keyed().find(|(key, _)| !self.parameters.iter().any(|p| p.key == *key)) {
            return Err(unknown(key));
        }
        match (spec.bare(), self.parameters.first()) {
            (Some(bare), None) => return Err(unknown(bare)),
            (Some(_), Some(first)) if spec.get(first.key).is_some() => {
                let why = format!("the bare value is `{}`, which is set again", first.key);
                return Err(SpecError::Grammar { text: spec.to_string(), why });
            }
            _ => {}
        }
        let mut values = Vec::new();
        for (place, parameter) in self.parameters.iter().enumerate() {
            let bare = spec.bare().filter(|_| place == 0);
            let text = bare.or(spec.get(parameter.key)).or(parameter.default);
            let text = text.ok_or_else(|| SpecError::Value {
                entry: self.name.to_owned(),
                key: parameter.key.to_owned(),
                got: String::new(),
                allowed: format!("it must be given ({})", parameter.summary),
            })?;
            values.push((parameter.key, text.to_owned()));
        }
        Ok(Arguments { entry: self.name, values })
    }
}

/// Finds the entry that `spec` names, builds it, and says its canonical form.
///
/// # Errors
/// [`SpecError::UnknownName`] if there is none (`kind` names the registry in the message), or what the entry refuses.
pub fn find<T>(kind: &'static str, entries: &[Entry<T>], spec: &Spec) -> Result<(T, String), SpecError> {
    let entry = entries.iter().find(|entry| entry.name == spec.name()).ok_or_else(|| SpecError::UnknownName {
        kind,
        name: spec.name().to_owned(),
        allowed: entries.iter().map(|entry| entry.name).collect(),
    })?;
    let arguments = entry.arguments(spec)?;
    Ok(((entry.build)(&arguments)?, arguments.canonical()))
}
