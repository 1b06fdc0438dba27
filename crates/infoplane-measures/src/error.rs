//! What can be wrong with data or with a request, each case with its code.

use infoplane_spec::{Code, Coded, SpecError};

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an estimate was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value that is NaN or infinite.
    #[error("`{argument}`: the value at row {row}, column {column} is {value}; only finite numbers are allowed")]
    NotFinite {
        /// The variable.
        argument: &'static str,
        /// Its row, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// What stands there.
        value: f64,
    },
    /// The values do not fill whole rows.
    #[error("`{argument}`: {len} values do not make rows of {dim}")]
    Ragged {
        /// The variable.
        argument: &'static str,
        /// Number of values.
        len: usize,
        /// Values a row should have.
        dim: usize,
    },
    /// Two variables that should be observed together have different numbers of rows.
    #[error("`{argument}` has {got} rows where {wanted} are needed, as many as `{other}` has")]
    Lengths {
        /// The variable.
        argument: &'static str,
        /// Its rows.
        got: usize,
        /// The variable it is compared with.
        other: &'static str,
        /// That one's rows.
        wanted: usize,
    },
    /// A variable without columns where one is needed.
    #[error("`{argument}` has no columns; only the condition may be empty")]
    NoColumns {
        /// The variable.
        argument: &'static str,
    },
    /// Too few rows.
    #[error("`{argument}` has {got} rows; at least {wanted} are needed")]
    TooShort {
        /// The variable.
        argument: &'static str,
        /// Its rows.
        got: usize,
        /// The least that would do.
        wanted: usize,
    },
    /// Symbols where numbers are wanted, or the other way round.
    #[error("`{argument}` holds {got}; this estimator takes {wanted}")]
    Kind {
        /// The variable.
        argument: &'static str,
        /// `real values` or `symbols`.
        got: &'static str,
        /// The other one.
        wanted: &'static str,
    },
    /// A symbol outside its alphabet.
    #[error("`{argument}`: symbol {got} at row {row}, column {column}; allowed are 0 to {last}")]
    Symbol {
        /// The variable.
        argument: &'static str,
        /// Its row, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// What stands there.
        got: u32,
        /// The largest symbol of the alphabet.
        last: u32,
    },
    /// A transform that would need more symbols than a byte holds.
    #[error("`{transform}` would need {needed} symbols for column {column}; at most 255 are allowed")]
    Alphabet {
        /// The transform.
        transform: &'static str,
        /// The column, from 0.
        column: usize,
        /// Symbols it would take.
        needed: String,
    },
    /// A value outside the cells of a transform or an estimator.
    #[error("the value {value} in column {column} lies outside [{lo}, {hi}]")]
    OutOfRange {
        /// The column, from 0.
        column: usize,
        /// What stands there.
        value: f64,
        /// Lower end of the cells.
        lo: f64,
        /// Upper end of the cells.
        hi: f64,
    },
    /// Rows of a stratum that the data do not have.
    #[error("the stratum {start}..{end} is no stretch of the {rows} rows")]
    Stratum {
        /// Its first row.
        start: usize,
        /// The row after its last.
        end: usize,
        /// Rows there are.
        rows: usize,
    },
    /// A parameter of the embedding that is not allowed.
    #[error("{parameter} = {got} is not allowed: {allowed}")]
    Embedding {
        /// `k`, `l`, `target_tau`, `source_tau` or `delay`.
        parameter: &'static str,
        /// What it got.
        got: usize,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A parameter of an estimator or a null that is not allowed.
    #[error("`{parameter}` = {got} is not allowed: {allowed}")]
    Parameter {
        /// Its name.
        parameter: &'static str,
        /// What it got.
        got: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A spec that does not name an estimator, a null or a transform, or sets it wrongly.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

/// The codes of this crate, for `infoplane explain`.
pub const CODES: &[Code] = &[
    Code {
        code: "IP0250",
        title: "a value is NaN or infinite",
        text: "Information measures of values that are not numbers do not exist, and dropping them silently would close \
               gaps in time. Find where they arise (a diverged training, a missing value in a file) and remove or \
               repair them before estimating. In a network this is most often a learning rate that is too high.",
    },
    Code {
        code: "IP0251",
        title: "the values do not fill whole rows",
        text: "Data are given row by row, each row with the same number of columns. The number of values must be a \
               multiple of the number of columns.",
    },
    Code {
        code: "IP0252",
        title: "two variables have different numbers of rows",
        text: "The variables of one measure are observed together: row t of one belongs to row t of the other. They need \
               equally many rows.",
    },
    Code {
        code: "IP0253",
        title: "a variable has no columns",
        text: "Only the condition of a measure may be empty (it is then unconditional). X and Y need a column.",
    },
    Code {
        code: "IP0254",
        title: "too few rows",
        text: "The series is shorter than the histories and the delay need, or the estimator needs more observations. \
               Shorten the histories, lengthen the window, or record more.",
    },
    Code {
        code: "IP0255",
        title: "real values where symbols are needed, or symbols where real values are",
        text: "Plug-in estimators count symbols. Turn real values into symbols by a transform first (`binary:median`, \
               `quantile:3`, `bins:30` …), applied once to each variable so that compared values share their cells.",
    },
    Code {
        code: "IP0256",
        title: "a symbol lies outside its alphabet",
        text: "With an alphabet of b symbols the symbols are 0 to b − 1. Either the alphabet was stated too small or the \
               data hold something else than was meant.",
    },
    Code {
        code: "IP0257",
        title: "a transform would need more than 255 symbols",
        text: "Symbols of recorded units are kept in one byte. Use fewer or wider cells; plug-in estimates with hundreds \
               of symbols would be bias only anyway.",
    },
    Code {
        code: "IP0258",
        title: "a value lies outside the cells",
        text: "Cells of a fixed range do not say what becomes of values outside it. Putting them into the outermost cells \
               has manufactured apparent compression of ReLU layers, so it is refused unless asked for.",
    },
    Code {
        code: "IP0259",
        title: "a stratum is not a stretch of the rows",
        text: "Strata are half-open stretches `start..end` of the rows with start ≤ end ≤ rows. Classes must stand together \
               (an order by class) before a measure can be given the class.",
    },
    Code {
        code: "IP0500",
        title: "the embedding is not allowed",
        text: "Histories, spacings and the delay are at least 1. A delay of 0 is not transfer entropy: the source's present \
               is measured by `coupling`, under its own name.",
    },
    Code {
        code: "IP0501",
        title: "a parameter of an estimator or a null is not allowed",
        text: "The message names the parameter, what it got and what is allowed.",
    },
];

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFinite { .. } => "IP0250",
            Self::Ragged { .. } => "IP0251",
            Self::Lengths { .. } => "IP0252",
            Self::NoColumns { .. } => "IP0253",
            Self::TooShort { .. } => "IP0254",
            Self::Kind { .. } => "IP0255",
            Self::Symbol { .. } => "IP0256",
            Self::Alphabet { .. } => "IP0257",
            Self::OutOfRange { .. } => "IP0258",
            Self::Stratum { .. } => "IP0259",
            Self::Embedding { .. } => "IP0500",
            Self::Parameter { .. } => "IP0501",
            Self::Spec(error) => error.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFinite { .. } => "look for a diverged training or a missing value",
            Self::Kind { wanted: "symbols", .. } => "apply a transform first, such as `binary:median` or `bins:30`",
            Self::TooShort { .. } => "shorten the histories or lengthen the window",
            Self::Embedding { parameter: "delay", got: 0, .. } => "for the source's present ask for `coupling`",
            Self::Alphabet { .. } => "use fewer or wider cells",
            Self::OutOfRange { .. } => "widen lo and hi, or name a policy for values outside",
            Self::Spec(error) => return error.hint(),
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once() {
        for (place, code) in CODES.iter().enumerate() {
            assert!(CODES[..place].iter().all(|other| other.code != code.code), "{} twice", code.code);
        }
        let error = Error::Embedding { parameter: "delay", got: 0, allowed: "at least 1" };
        assert!(CODES.iter().any(|code| code.code == error.code()));
        assert_eq!(error.to_string(), "delay = 0 is not allowed: at least 1");
        assert!(error.hint().is_some_and(|hint| hint.contains("coupling")));
    }
}
