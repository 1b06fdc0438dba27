//! Rows too close in time: a single number a row whose differences say so.

use super::leaves::LEAF;

/// Times at the places of the leaves.
#[derive(Debug)]
pub(super) struct Times {
    /// The time of each place's row; times of different trials are further apart than the window.
    pub(super) at_place: Vec<[f64; LEAF]>,
    /// Rows nearer in time than this are left out.
    pub(super) beyond: f64,
}
