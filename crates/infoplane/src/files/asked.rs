//! What is asked of a file.

use std::ops::RangeInclusive;

use infoplane_measures::{Embedding, History, Null};
use infoplane_record::Table;

use super::{FilesError, Result};

/// Columns that are one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// As the user named them.
    pub name: String,
    /// Their places in the table, at least one.
    pub columns: Vec<usize>,
}

impl Variable {
    /// The columns that `text` names, see [`Table::find`].
    ///
    /// # Errors
    /// [`FilesError::Record`] for a column that is not there.
    pub fn find(table: &Table, text: &str) -> Result<Self> {
        Ok(Self { name: text.to_owned(), columns: table.find(text)? })
    }
}

/// The measure and its variables.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Transfer entropy at one delay or several, conditional where there are conditionals.
    Te {
        /// The source.
        source: Variable,
        /// The target.
        target: Variable,
        /// Conditionals with their histories.
        conditionals: Vec<(Variable, History)>,
        /// Histories and spacings; its delay has no part.
        embedding: Embedding,
        /// Delays from source to target.
        delays: Vec<usize>,
    },
    /// Transfer entropy of all ordered pairs.
    Net {
        /// The nodes.
        nodes: Vec<Variable>,
        /// Histories and spacings; its delay has no part.
        embedding: Embedding,
        /// Delays from source to target.
        delays: Vec<usize>,
    },
    /// Mutual information, conditional where there is a third variable.
    Mi {
        /// X.
        x: Variable,
        /// Y.
        y: Variable,
        /// Z.
        given: Option<Variable>,
    },
    /// Active information storage.
    Ais {
        /// The series.
        x: Variable,
        /// Its history; its delay is 1.
        history: History,
    },
    /// Entropy, of Shannon or of a family.
    Entropy {
        /// The variable.
        x: Variable,
        /// Another entropy than Shannon's, and its order.
        family: Option<(Family, f64)>,
    },
}

impl Question {
    /// Transfer entropy with histories of one value and delay 1.
    pub fn te(source: Variable, target: Variable) -> Self {
        let (conditionals, embedding, delays) = (Vec::new(), Embedding::default(), vec![1]);
        Self::Te { source, target, conditionals, embedding, delays }
    }

    /// The name of the measure, as it stands in rows.
    pub fn measure(&self) -> &'static str {
        match self {
            Self::Te { conditionals, .. } if !conditionals.is_empty() => "cte",
            Self::Te { .. } | Self::Net { .. } => "te",
            Self::Mi { given: Some(_), .. } => "cmi",
            Self::Mi { .. } => "mi",
            Self::Ais { .. } => "ais",
            Self::Entropy { .. } => "entropy",
        }
    }

    pub(super) fn is_entropy(&self) -> bool {
        matches!(self, Self::Entropy { .. })
    }

    /// Whether rows before a row matter to it.
    pub(super) fn looks_back(&self) -> bool {
        matches!(self, Self::Te { .. } | Self::Net { .. } | Self::Ais { .. })
    }

    /// All its variables.
    pub(super) fn variables(&self) -> Vec<&Variable> {
        match self {
            Self::Te { source, target, conditionals, .. } => {
                [source, target].into_iter().chain(conditionals.iter().map(|(variable, _)| variable)).collect()
            }
            Self::Net { nodes, .. } => nodes.iter().collect(),
            Self::Mi { x, y, given } => [x, y].into_iter().chain(given).collect(),
            Self::Ais { x, .. } | Self::Entropy { x, .. } => vec![x],
        }
    }
}

/// Entropies with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Rényi's.
    Renyi,
    /// Tsallis'.
    Tsallis,
}

/// How series are put on one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalise {
    /// Not at all.
    None,
    /// Each column of a series has mean 0 and standard deviation 1 before the rows are made.
    Before,
    /// Each column of the rows has.
    After,
}

/// What becomes of a row without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is an error.
    #[default]
    Error,
    /// Rows that need it are left out; time is not closed up.
    Mask,
}

/// The unit of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// Natural logarithms.
    #[default]
    Nats,
    /// Logarithms of base 2.
    Bits,
}

impl std::str::FromStr for Unit {
    type Err = FilesError;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "nats" => Ok(Self::Nats),
            "bits" => Ok(Self::Bits),
            _ => Err(FilesError::Unit { got: text.to_owned() }),
        }
    }
}

/// Surrogates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surrogates {
    /// How the source is moved.
    pub null: Null,
    /// Its canonical spec.
    pub name: String,
    /// How many.
    pub draws: usize,
}

/// How a history is chosen from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embed {
    /// By the error of predicting the next value from this many neighbours.
    Ragwitz {
        /// Neighbours.
        neighbours: usize,
        /// Longest history.
        k: usize,
        /// Largest spacing.
        tau: usize,
    },
    /// By the largest active information storage, less its floor where that is known.
    Storage {
        /// Longest history.
        k: usize,
        /// Largest spacing.
        tau: usize,
    },
}

/// A question with everything that bears on its answer. What is `None` was not asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The measure and its variables.
    pub question: Question,
    /// Spec of the estimator.
    pub estimator: String,
    /// Spec of the rule that makes symbols of real values.
    pub symbols: Option<String>,
    /// How series are put on one scale; `before` where the estimator depends on it, unless given.
    pub normalise: Option<Normalise>,
    /// Rows so near in time are no neighbours.
    pub theiler: Option<usize>,
    /// Histories chosen from the data.
    pub embed: Option<Embed>,
    /// These rows only, both ends included.
    pub rows: Option<RangeInclusive<usize>>,
    /// The column that says which trial a row belongs to.
    pub trial: Option<usize>,
    /// What becomes of rows without a value.
    pub missing: Missing,
    /// Surrogates.
    pub null: Option<Surrogates>,
    /// Seed of surrogates and of noise against ties; 0 unless given.
    pub seed: Option<u64>,
    /// Unit of values; nats unless given.
    pub unit: Option<Unit>,
    /// Threads; no result depends on them.
    pub threads: usize,
    /// Whether local terms are wanted.
    pub local: bool,
}

impl Request {
    /// The question, by this estimator, everything else as by default.
    pub fn new(question: Question, estimator: &str) -> Self {
        Self {
            question,
            estimator: estimator.to_owned(),
            symbols: None,
            normalise: None,
            theiler: None,
            embed: None,
            rows: None,
            trial: None,
            missing: Missing::Error,
            null: None,
            seed: None,
            unit: None,
            threads: 1,
            local: false,
        }
    }
}
