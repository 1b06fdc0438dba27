//! From flags to a request.

use std::io::Read;
use std::path::Path;

use infoplane::files::{self, Embed, Question, Request, Surrogates};
use infoplane::measures::Null;
use infoplane_record::table::{Header, Table};
use infoplane_spec::{Entry, Parameter, Spec, find};

use crate::args::{Estimate, HeaderLine, Input, Missing, Normalise, Unit};
use crate::commands::doctor::threads;
use crate::failure::Failure;

/// Reads the file, or standard input where it is `-`.
pub(super) fn table(input: &Input) -> Result<Table, Failure> {
    let header = match input.header {
        HeaderLine::Auto => Header::Auto,
        HeaderLine::Yes => Header::Yes,
        HeaderLine::No => Header::No,
    };
    if input.file != Path::new("-") {
        return Ok(Table::read(&input.file, header)?);
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| Failure::new("IP0187", format!("cannot read standard input: {error}")))?;
    Ok(Table::from_bytes("standard input", &bytes, header)?)
}

pub(super) fn request(
    question: Question,
    default: &str,
    input: &Input,
    flags: &Estimate,
    table: &Table,
) -> Result<Request, Failure> {
    Ok(Request {
        symbols: flags.symbols.clone(),
        normalise: flags.normalise.map(|when| match when {
            Normalise::None => files::Normalise::None,
            Normalise::Before => files::Normalise::Before,
            Normalise::After => files::Normalise::After,
        }),
        theiler: flags.theiler,
        rows: input.rows.as_deref().map(rows).transpose()?,
        trial: input.trial.as_deref().map(|column| single(table, column)).transpose()?,
        missing: match input.missing {
            Missing::Error => files::Missing::Error,
            Missing::Mask => files::Missing::Mask,
        },
        null: surrogates(flags)?,
        seed: flags.seed,
        unit: flags.unit.map(|unit| match unit {
            Unit::Nats => files::Unit::Nats,
            Unit::Bits => files::Unit::Bits,
        }),
        threads: flags.threads.map_or_else(threads, |threads| threads as usize),
        local: flags.local.is_some(),
        ..Request::new(question, flags.estimator.as_deref().unwrap_or(default))
    })
}

fn surrogates(flags: &Estimate) -> Result<Option<Surrogates>, Failure> {
    let Some(draws) = flags.null else { return Ok(None) };
    let (null, name) = Null::parse(flags.null_kind.as_deref().unwrap_or("shift"))?;
    Ok(Some(Surrogates { null, name, draws: draws as usize }))
}

/// `A..B`, both ends included; unlike other ranges it may be long.
fn rows(text: &str) -> Result<std::ops::RangeInclusive<usize>, Failure> {
    let number = |part: &str| part.trim().parse::<usize>().ok();
    match text.split_once("..").map(|(first, last)| (number(first), number(last))) {
        Some((Some(first), Some(last))) if first <= last => Ok(first..=last),
        _ => Err(infoplane_spec::SpecError::Range { text: text.to_owned() }.into()),
    }
}

/// A column that is one column.
pub(super) fn single(table: &Table, text: &str) -> Result<usize, Failure> {
    match table.find(text)?[..] {
        [column] => Ok(column),
        ref several => {
            let message = format!("`--trial` takes one column, `{text}` names {}", several.len());
            Err(Failure::new("IP0125", message))
        }
    }
}

/// The value of the conditional at `place` of `count`: none given, one for all, or one for each.
pub(super) fn one_for_each(flag: &str, values: &[usize], count: usize, place: usize) -> Result<usize, Failure> {
    match values {
        [] => Ok(1),
        [all] => Ok(*all),
        each if each.len() == count => Ok(each[place]),
        each => {
            let message = format!("`{flag}` is given {} times for {count} conditionals", each.len());
            Err(Failure::new("IP0125", message).hint("give it once for all of them, or once for each, in their order"))
        }
    }
}

const K: Parameter = Parameter { key: "k", default: Some("5"), summary: "longest history tried" };
const TAU: Parameter = Parameter { key: "tau", default: Some("1"), summary: "largest spacing tried" };

/// Rules for `--embed`.
const EMBED: &[Entry<Embed>] = &[
    Entry {
        name: "ragwitz",
        summary: "the history whose neighbours predict the next value best",
        citation: "Ragwitz, Kantz 2002, doi:10.1103/PhysRevE.65.056201",
        parameters: &[K, TAU, Parameter { key: "neighbours", default: Some("4"), summary: "neighbours that predict" }],
        build: |arguments| {
            let at_least_1 = |key| arguments.check(key, "a whole number from 1", |&value: &usize| value >= 1);
            Ok(Embed::Ragwitz { neighbours: at_least_1("neighbours")?, k: at_least_1("k")?, tau: at_least_1("tau")? })
        },
    },
    Entry {
        name: "storage",
        summary: "the history with the largest active information storage, less its floor where that is known",
        citation: "Garland, James, Bradley 2016, doi:10.1103/PhysRevE.93.022221",
        parameters: &[K, TAU],
        build: |arguments| {
            let at_least_1 = |key| arguments.check(key, "a whole number from 1", |&value: &usize| value >= 1);
            Ok(Embed::Storage { k: at_least_1("k")?, tau: at_least_1("tau")? })
        },
    },
];

pub(super) fn embed(text: &str) -> Result<Embed, Failure> {
    Ok(find("rule for histories", EMBED, &text.parse::<Spec>()?)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_include_both_ends() {
        assert_eq!(rows("0..9").unwrap(), 0..=9);
        assert_eq!(rows("5..5000000").unwrap().count(), 4_999_996);
        for text in ["9..0", "3", "..4", "a..b", "1..2..3"] {
            assert!(rows(text).unwrap_err().message().contains("no range"), "{text}");
        }
    }

    #[test]
    fn conditionals_share_a_value_or_have_their_own() {
        assert_eq!(one_for_each("--cond-tau", &[], 2, 1).unwrap(), 1);
        assert_eq!(one_for_each("--cond-tau", &[3], 2, 1).unwrap(), 3);
        assert_eq!(one_for_each("--cond-tau", &[3, 4], 2, 1).unwrap(), 4);
        assert!(one_for_each("--cond-tau", &[3, 4, 5], 2, 1).is_err());
    }

    #[test]
    fn rules_for_histories_have_defaults() {
        assert_eq!(embed("ragwitz").unwrap(), Embed::Ragwitz { neighbours: 4, k: 5, tau: 1 });
        assert_eq!(embed("storage:3,tau=2").unwrap(), Embed::Storage { k: 3, tau: 2 });
        assert!(embed("ragwitz:0").is_err() && embed("best").is_err());
    }
}
