//! Why a figure could not be drawn.

use infoplane_spec::{Code, Coded};

/// The result of drawing.
pub type Result<T> = std::result::Result<T, FigureError>;

/// Why a figure could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FigureError {
    /// The data hold nothing that this figure shows.
    #[error("`{figure}` has nothing to draw: it needs {missing}, and there is {}", listed(.available))]
    NothingToDraw {
        /// The figure.
        figure: &'static str,
        /// What it needs.
        missing: String,
        /// What there is instead.
        available: Vec<String>,
    },
    /// No figure has this id.
    #[error("unknown figure `{id}`")]
    UnknownFigure {
        /// What was asked for.
        id: String,
    },
    /// An option asks for what the rows do not hold.
    #[error("{option} = `{got}` is in none of the rows: there is {}", listed(.available))]
    Option {
        /// The field of [`Options`](crate::Options).
        option: &'static str,
        /// What was asked for.
        got: String,
        /// What there is.
        available: Vec<String>,
    },
    /// A width no figure can be laid out in.
    #[error("width = {got} px is not allowed: from {} to {} px", crate::data::WIDTHS.start(), crate::data::WIDTHS.end())]
    Width {
        /// What was asked for, rounded.
        got: i64,
    },
    /// A unit matrix whose arrays do not fit its units.
    #[error("the unit matrix {pair} holds {got} values of `{field}`, its units want {want}")]
    Matrix {
        /// Source and target.
        pair: String,
        /// The array: `value`, `p` or `q`.
        field: &'static str,
        /// Its length.
        got: usize,
        /// Sources × targets.
        want: usize,
    },
}

/// The codes of this crate, for `infoplane explain`.
pub const CODES: &[Code] = &[
    Code {
        code: "IP0140",
        title: "a figure has nothing to draw",
        text: "The rows hold none of the measures that the figure shows. The message names what it needs and what \
               there is. Record the measure (sections [mi] and [te] of the config) or draw another figure.",
    },
    Code {
        code: "IP0141",
        title: "no figure has this id",
        text: "The ids are: plane, te-plane, te-time, te-phase, te-heat, te-units, mi-time, training.",
    },
    Code {
        code: "IP0142",
        title: "an option of a figure asks for what the rows do not hold",
        text: "A figure draws one network, one estimator, one time axis. The option names one that no row has; the \
               message lists those there are. Left out, the option takes a default read from the rows.",
    },
    Code {
        code: "IP0143",
        title: "a figure's width is not allowed",
        text: "Widths are in CSS pixels. Below the smallest the labels would not fit; one journal column is 318 px.",
    },
    Code {
        code: "IP0144",
        title: "a unit matrix does not fit its units",
        text: "The arrays of a unit matrix are row-major, sources × targets, and equally long.",
    },
];

impl Coded for FigureError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingToDraw { .. } => "IP0140",
            Self::UnknownFigure { .. } => "IP0141",
            Self::Option { .. } => "IP0142",
            Self::Width { .. } => "IP0143",
            Self::Matrix { .. } => "IP0144",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownFigure { id } => {
                let ids: Vec<&str> = crate::FIGURES.iter().map(|figure| figure.id).collect();
                Some(infoplane_spec::did_you_mean(id, &ids))
            }
            Self::Option { got, available, .. } => infoplane_spec::closest(got, available.iter().map(String::as_str))
                .map(|near| format!("did you mean `{near}`?")),
            _ => None,
        }
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
