//! The registry of figures: one file and one line each.

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

/// All figures, in the order of a report.
pub const FIGURES: &[Figure] = &[];

/// The figure of this id.
///
/// # Errors
/// [`FigureError::UnknownFigure`] if there is none.
pub fn figure(id: &str) -> Result<&'static Figure> {
    FIGURES.iter().find(|figure| figure.id == id).ok_or_else(|| FigureError::UnknownFigure { id: id.to_owned() })
}
