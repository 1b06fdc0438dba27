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
    /// A row that is missing where an estimator needs it.
    #[error("`{argument}`: row {row} is missing; an estimator takes only rows that are there")]
    Missing {
        /// The variable.
        argument: &'static str,
        /// Its first missing row, from 0.
        row: usize,
    },
    /// The rows of a trial do not stand together.
    #[error("trial {trial} begins again at row {row}; the rows of a trial must stand together")]
    Trials {
        /// The trial.
        trial: u32,
        /// Where it begins again, from 0.
        row: usize,
    },
    /// Variables of one measure whose rows belong to different trials.
    #[error("`{argument}` is not divided into the trials of `{other}`")]
    TrialsDiffer {
        /// The variable.
        argument: &'static str,
        /// The variable it is compared with.
        other: &'static str,
    },
    /// A column that never changes, where an estimator for real values needs it to.
    #[error("`{argument}`: column {column} has the same value in every row")]
    Constant {
        /// The variable.
        argument: &'static str,
        /// The column, from 0.
        column: usize,
    },
    /// Equal values where the ties policy is `error`.
    #[error("`{argument}`: {:.1} % of the rows share their value in column {column} with another; `ties=error` refuses that", 100.0 * share)]
    Ties {
        /// The variable.
        argument: &'static str,
        /// The column, from 0.
        column: usize,
        /// Share of the rows that are tied.
        share: f64,
    },
    /// A column that follows linearly from others, where an estimator needs their covariance to have an inverse.
    #[error("`{argument}`: column {column} follows linearly from the columns before it")]
    Dependent {
        /// The variable, or the first of several that are taken together.
        argument: &'static str,
        /// The column, from 0.
        column: usize,
    },
    /// Rows on top of each other, where a density is read from distances.
    #[error(
        "`{argument}`: row {row} has {k} other rows at distance 0, so no density can be read from its {k}-th neighbour"
    )]
    Coincide {
        /// The variable.
        argument: &'static str,
        /// The first such row, from 0.
        row: usize,
        /// Neighbours asked for.
        k: usize,
    },
    /// More neighbours than there are rows for.
    #[error("{k} neighbours are asked for among {n} rows; allowed are 1 to {}", n.saturating_sub(1))]
    Neighbours {
        /// Neighbours asked for.
        k: usize,
        /// Rows there are.
        n: usize,
    },
    /// A computation that would take more memory than is reasonable.
    #[error("{what} of {rows} rows would take {:.1} GB; {remedy}", *bytes as f64 / 1e9)]
    TooLarge {
        /// What would be held.
        what: &'static str,
        /// Rows.
        rows: usize,
        /// Bytes it would take.
        bytes: u64,
        /// What to do instead.
        remedy: &'static str,
    },
    /// An option that has no effect on what was asked.
    #[error("`{option}` has no effect on `{estimator}`")]
    NoEffect {
        /// The option.
        option: String,
        /// What it was given for.
        estimator: String,
    },
    /// A measure that an estimator does not have.
    #[error("`{estimator}` estimates no {measure}")]
    NoMeasure {
        /// What was asked.
        measure: &'static str,
        /// The estimator.
        estimator: String,
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
        code: "IP0260",
        title: "a column never changes",
        text: "Distances and covariances of a column that never changes say nothing: remove it, or, if its values are \
               symbols, use an estimator for symbols, where a constant is legal and carries exactly 0.",
    },
    Code {
        code: "IP0261",
        title: "equal values where ties are refused",
        text: "Estimators by neighbours assume values without ties; rounded or repeated data have them, and keeping \
               them can double the value. `ties=noise` adds seeded noise of 1e-8 of the column's spread and says so; \
               `ties=keep` leaves them; data that are truly discrete in part belong to `mixed` or `plugin`.",
    },
    Code {
        code: "IP0262",
        title: "a row is missing",
        text: "Measures leave out every row that needs a missing value, and never close the gap. An estimator that is \
               called directly cannot know which rows that concerns and refuses.",
    },
    Code {
        code: "IP0263",
        title: "the rows of a trial are apart",
        text: "Rows of one trial must follow each other in time and stand together, and all variables of a measure must be \
               divided into the same trials. Histories never reach from one trial into another.",
    },
    Code {
        code: "IP0264",
        title: "rows coincide",
        text: "An entropy from neighbours takes the logarithm of a distance, and more than K equal rows make that 0: the \
               data are not a sample of a density. `ties=noise` gives a number that depends on the noise; data that are \
               discrete, or in part, belong to `plugin` or `mixed`.",
    },
    Code {
        code: "IP0265",
        title: "a column follows linearly from others",
        text: "A kernel with the covariance of the data needs one that has an inverse, also for the columns of several \
               variables taken together. Leave the column out, or use a kernel of equal width in every column.",
    },
    Code {
        code: "IP0502",
        title: "more neighbours than rows",
        text: "K neighbours need more than K rows, and inside a Theiler window none counts. Use fewer neighbours, a \
               narrower window or more rows.",
    },
    Code {
        code: "IP0503",
        title: "a computation would need too much memory",
        text: "Matrices between all rows grow with the square of their number. The message says how large it would be and \
               what does the same with less.",
    },
    Code {
        code: "IP0504",
        title: "an option has no effect",
        text: "An option that changes nothing about the chosen estimator would be a silent mistake, so it is refused: \
               leave it out, or choose an estimator that it belongs to (`infoplane estimators` lists them).",
    },
    Code {
        code: "IP0505",
        title: "an estimator does not have the measure",
        text: "Some estimators give information between variables but no entropy of one, or only one family of entropies. \
               `infoplane estimators` says which gives what.",
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

impl Error {
    /// What is said of a column of a joint variable, said of the column of the part it comes from; `parts` are the names
    /// and widths.
    pub(crate) fn of_parts(self, parts: &[(&'static str, usize)]) -> Self {
        let place = |mut column: usize| {
            for &(argument, width) in parts {
                if column < width {
                    return (argument, column);
                }
                column -= width;
            }
            ("x", column)
        };
        match self {
            Self::Constant { column, .. } => {
                let (argument, column) = place(column);
                Self::Constant { argument, column }
            }
            Self::Ties { column, share, .. } => {
                let (argument, column) = place(column);
                Self::Ties { argument, column, share }
            }
            Self::Kind { got, wanted, .. } => Self::Kind { argument: place(0).0, got, wanted },
            other => other,
        }
    }
}

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
            Self::Constant { .. } => "IP0260",
            Self::Ties { .. } => "IP0261",
            Self::Missing { .. } => "IP0262",
            Self::Coincide { .. } => "IP0264",
            Self::Dependent { .. } => "IP0265",
            Self::Trials { .. } | Self::TrialsDiffer { .. } => "IP0263",
            Self::Neighbours { .. } => "IP0502",
            Self::TooLarge { .. } => "IP0503",
            Self::NoEffect { .. } => "IP0504",
            Self::NoMeasure { .. } => "IP0505",
            Self::Embedding { .. } => "IP0500",
            Self::Parameter { .. } => "IP0501",
            Self::Spec(error) => error.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFinite { .. } => "look for a diverged training or a missing value",
            Self::Kind { wanted: "symbols", .. } => "apply a transform first, such as `binary:median` or `bins:30`",
            Self::Coincide { .. } => "use `plugin` for discrete data, `mixed` where only part is, or `ties=noise`",
            Self::TooShort { .. } => "shorten the histories or lengthen the window",
            Self::Embedding { parameter: "delay", got: 0, .. } => "for the source's present ask for `coupling`",
            Self::Kind { wanted: "real values", .. } => "use an estimator for symbols, such as `plugin`",
            Self::Constant { .. } => "remove the column, or treat its values as symbols",
            Self::Ties { .. } => "`ties=noise` breaks them by seeded noise, `ties=keep` leaves them",
            Self::Missing { .. } => "ask for a measure (`mi`, `te`, `entropy` …): it leaves such rows out",
            Self::Neighbours { .. } => "use fewer neighbours, a narrower Theiler window or more rows",
            Self::NoEffect { .. } => "leave it out; `infoplane estimators` lists what each estimator takes",
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
