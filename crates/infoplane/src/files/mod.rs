//! One-off estimates: a question about the columns of a file becomes rows.
//!
//! A [`Request`] is data: which columns, which measure, by which estimator, on which rows, with which surrogates. What it
//! asks for without effect (a Theiler window for an estimator that knows none, symbols for one that takes real values) is
//! refused. [`answer`] gives one [`Answer`] for each value: its row, remarks on it, and local terms where asked.
//!
//! ```
//! use infoplane::files::{Question, Request, Variable, answer};
//! use infoplane::record::{Header, Table};
//!
//! // y repeats x, a coin, one step later.
//! let mut coin = infoplane_spec::stream(1, "example", 0);
//! let x: Vec<u32> = (0..500).map(|_| infoplane_spec::below(&mut coin, 2)).collect();
//! let text: String = (0..500_usize).map(|t| format!("{} {}\n", x[t], x[t.saturating_sub(1)])).collect();
//! let table = Table::from_bytes("bits.txt", text.as_bytes(), Header::Auto)?;
//! let question = Question::te(Variable::find(&table, "0")?, Variable::find(&table, "1")?);
//! let answers = answer(&table, &Request { unit: Some("bits".parse()?), ..Request::new(question, "plugin") })?;
//! assert!(answers[0].row.value > 0.9);
//! assert_eq!((answers[0].row.measure.as_str(), answers[0].row.n), ("te", 499));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod asked;
mod embedding;
mod error;
mod method;
mod network;
mod plain;
mod rows;
mod series;
mod transfer;

pub use asked::{Embed, Family, Missing, Normalise, Question, Request, Surrogates, Unit, Variable};
pub(crate) use error::CODES;
pub use error::{FilesError, Result};

use infoplane_record::{Row, Table};

use self::method::Method;
use self::rows::Made;
use self::series::Data;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The value with everything needed to judge it.
    pub row: Row,
    /// Codes and words of what a reader should know.
    pub remarks: Vec<(&'static str, String)>,
    /// Rows of the file and their local terms, in the unit of the value, where asked for.
    pub local: Option<Vec<(usize, f64)>>,
}

/// Answers a question about a file: one value, or one for each delay, or for each pair and delay.
///
/// # Errors
/// [`FilesError`]: what the file does not hold, what the measures refuse, or an option without effect.
pub fn answer(table: &Table, request: &Request) -> Result<Vec<Answer>> {
    let method = Method::new(request)?;
    let data = Data::new(table, request, &method)?;
    let made = Made { request, method: &method, source_rows: data.rows() };
    let answers = match &request.question {
        Question::Te { .. } => transfer::te(&data, &made),
        Question::Net { .. } => network::te_net(&data, &made),
        Question::Mi { .. } => plain::mi(&data, &made),
        Question::Ais { .. } => plain::ais(&data, &made),
        Question::Entropy { .. } => plain::entropy(&data, &made),
    }?;
    match answers.iter().find(|answer| !answer.row.value.is_finite()) {
        None => Ok(answers),
        Some(Answer { row, .. }) => Err(FilesError::NoNumber {
            measure: row.measure.clone(),
            variables: row.source.iter().chain(&row.target).cloned().collect::<Vec<_>>().join(", "),
            estimator: row.estimator.clone(),
        }),
    }
}
