//! What a request is refused for.

use infoplane_measures::Error;
use infoplane_record::RecordError;
use infoplane_spec::{Code, Coded};

/// The result of this module's functions.
pub type Result<T, E = FilesError> = std::result::Result<T, E>;

/// Why a question about a file has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// The file does not hold what was asked for.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The measures refuse.
    #[error(transparent)]
    Measures(#[from] Error),
    /// Rows that the file does not have.
    #[error("rows {first}..{last} are asked for, but the columns have {rows} (0..{})", rows.saturating_sub(1))]
    Rows {
        /// The first asked for.
        first: usize,
        /// The last asked for.
        last: usize,
        /// Rows there are.
        rows: usize,
    },
    /// An infinite value.
    #[error("{place}: {value} in column `{column}` is not finite")]
    Infinite {
        /// The file, line and column.
        place: String,
        /// The column's name.
        column: String,
        /// What stands there.
        value: f64,
    },
    /// A value that is no number.
    #[error(
        "{measure} of {variables} by `{estimator}` is infinite: one of them follows from the other without any rest"
    )]
    NoNumber {
        /// The measure.
        measure: String,
        /// Its variables.
        variables: String,
        /// The estimator.
        estimator: String,
    },
    /// A column that never changes.
    #[error("column `{column}` has the same value in every row")]
    Constant {
        /// The column's name.
        column: String,
    },
    /// An estimator without local terms.
    #[error("`{estimator}` has no local values")]
    NoLocal {
        /// The estimator.
        estimator: String,
    },
    /// Local values of several estimates at once.
    #[error("local values belong to one estimate, and {estimates} were asked for")]
    ManyLocals {
        /// Delays or pairs.
        estimates: usize,
    },
    /// Something set twice.
    #[error("`{option}` is set by the estimator `{estimator}` already")]
    Twice {
        /// The option.
        option: &'static str,
        /// The estimator's spec.
        estimator: String,
    },
    /// No unit.
    #[error("the unit `{got}` is not known: nats or bits")]
    Unit {
        /// What was written.
        got: String,
    },
    /// Words and numbers in one variable.
    #[error("the variable `{variable}` has columns of numbers and of words")]
    Mixture {
        /// The variable.
        variable: String,
    },
}

impl FilesError {
    /// An option that does nothing to this estimator or measure.
    pub(super) fn no_effect(option: &str, on: &str) -> Self {
        Self::Measures(Error::NoEffect { option: option.to_owned(), estimator: on.to_owned() })
    }
}

impl Coded for FilesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Record(error) => error.code(),
            Self::Measures(error) => error.code(),
            Self::Rows { .. } => "IP0160",
            Self::NoLocal { .. } => "IP0161",
            Self::ManyLocals { .. } => "IP0162",
            Self::Twice { .. } => "IP0163",
            Self::Unit { .. } => "IP0164",
            Self::Infinite { .. } => "IP0235",
            Self::Constant { .. } => "IP0260",
            Self::NoNumber { .. } => "IP0237",
            Self::Mixture { .. } => "IP0236",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Record(error) => return error.hint(),
            Self::Measures(error) => return error.hint(),
            Self::Rows { .. } => "rows count from 0 and a range includes both ends",
            Self::Infinite { .. } => "correct the cell, or mark it as missing",
            Self::NoNumber { .. } => "leave out the column that is a function of others, or make symbols of the values",
            Self::Constant { .. } => "leave it out, or take an estimator for symbols, where a constant is legal",
            Self::NoLocal { .. } => {
                "matrix entropies and some corrections have none; take ksg, knn, gaussian, copula, kernel, kde, hash or \
                 plain plugin"
            }
            Self::ManyLocals { .. } => "ask for one delay",
            Self::Mixture { .. } => "name columns of one kind together, the others as another variable",
            Self::Twice { .. } | Self::Unit { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

pub(crate) const CODES: &[Code] = &[
    Code {
        code: "IP0160",
        title: "rows that the file does not have",
        text: "`--rows A..B` takes rows A to B, counted from 0 without the header, both ends included; B must be a row of \
               the columns that are used.",
    },
    Code {
        code: "IP0161",
        title: "an estimator without local values",
        text: "A local value is the contribution of one row, and their mean is the estimate. Some bias corrections, \
               matrix entropies and other functions of the whole have none.",
    },
    Code {
        code: "IP0162",
        title: "local values of several estimates",
        text: "The file of local values has one value for each row, so it belongs to one estimate: ask for a single delay.",
    },
    Code {
        code: "IP0163",
        title: "a parameter that is set twice",
        text: "`--theiler` and `--seed` set the parameter of that name of the estimator; its spec sets it too. Say it \
               once.",
    },
    Code { code: "IP0164", title: "no such unit", text: "Values of files are in `nats` unless `bits` are asked for." },
    Code {
        code: "IP0235",
        title: "an infinite value in a file",
        text: "Infinity is no measurement: it comes from a division by zero or an overflow where the file was made. It is \
               not taken for a missing value; mark it as one (an empty cell) if that is what it means.",
    },
    Code {
        code: "IP0236",
        title: "words and numbers in one variable",
        text: "The columns of one variable are numbers, or they are symbols. A column of words is a symbol for estimators \
               that take both; it cannot stand beside a column of numbers in the same variable.",
    },
    Code {
        code: "IP0237",
        title: "an information that is infinite",
        text: "One variable is a function of the other (a copy, a sum, the same series delayed), so that their information \
               has no finite value; what an estimator gave would only show the number of rows. Leave the column out, or \
               make symbols of the values, whose information is at most their entropy.",
    },
];
