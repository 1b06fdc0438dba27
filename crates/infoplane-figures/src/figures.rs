//! The registry of figures: one file and one line each.

mod mi_time;
mod plane;
mod te_heat;
mod te_phase;
mod te_plane;
mod te_time;
mod te_units;
mod training;

use crate::{Data, Drawing, FigureError, Options, Result};

/// One figure of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Id, as in `infoplane plot ID` and page anchors.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// What it shows, in one line.
    pub summary: &'static str,
    /// Draws it.
    pub draw: fn(&Data, &Options) -> Result<Drawing>,
}

const fn entry(
    id: &'static str,
    title: &'static str,
    summary: &'static str,
    draw: fn(&Data, &Options) -> Result<Drawing>,
) -> Figure {
    Figure { id, title, summary, draw }
}

/// All figures, in the order of a report.
pub const FIGURES: &[Figure] = &[
    entry("plane", "Information plane", "I(X;T) × I(T;Y), one path per layer, colour = epoch", plane::draw),
    entry("te-plane", "TE plane", "TE into a layer × TE out of it, one path per layer, colour = epoch", te_plane::draw),
    entry(
        "te-time",
        "TE over training",
        "TE of adjacent pairs with floor and surrogates, loss and accuracy",
        te_time::draw,
    ),
    entry("te-phase", "TE against accuracy and loss", "one point per snapshot, with rank correlations", te_phase::draw),
    entry("te-heat", "TE between layers", "source × target at one epoch, hatched where not significant", te_heat::draw),
    entry("te-units", "TE between units", "unit × unit of one layer pair, share of significant pairs", te_units::draw),
    entry("mi-time", "Mutual information over training", "I(X;T), I(T;Y), H(T) with ceiling and null", mi_time::draw),
    entry("training", "Training", "loss and accuracy, train solid, test dashed", training::draw),
];

/// The figure of this id.
///
/// # Errors
/// [`FigureError::UnknownFigure`] if there is none.
pub fn figure(id: &str) -> Result<&'static Figure> {
    FIGURES.iter().find(|figure| figure.id == id).ok_or_else(|| FigureError::UnknownFigure { id: id.to_owned() })
}
