//! Histories chosen from the data.

use infoplane_measures::selection::{max_storage, ragwitz};
use infoplane_measures::{History, Samples};

use super::Result;
use super::asked::Embed;
use super::rows::Made;

/// The history that describes the series best, of those that `embed` names.
pub(super) fn chosen_history(embed: Embed, series: &Samples, made: &Made) -> Result<History> {
    let found = match embed {
        Embed::Ragwitz { neighbours, k, tau } => {
            ragwitz(series, 1..=k, 1..=tau, neighbours, made.request.theiler.unwrap_or(0))?
        }
        Embed::Storage { k, tau } => max_storage(series, made.method.chosen.information(), 1..=k, 1..=tau)?,
    };
    Ok(History { length: found.k, tau: found.tau, delay: 1 })
}
