//! Who is near whom: the questions that neighbour estimators ask of all rows at once.
//!
//! A question is about the whole set ("the distance of *every* row to its k-th neighbour"), so that a tree, a scan or a
//! device may answer it; every engine gives the same bits. Distances are |a − b| in f64, compared as they are: no
//! epsilon, no a < b + r. Rows too close in time are left out by an [`Exclusion`].
//!
//! ```
//! use infoplane_measures::neighbours::{Border, Exclusion, Neighbours, Scan, Space, best};
//!
//! let column = [0.0, 1.0, 1.5, 4.0];
//! let space = Space::new(&[&column]);
//! let alone = Exclusion::default();
//! assert_eq!(best(&space).kth(&space, 1, &alone), [1.0, 0.5, 0.5, 2.5]);
//! assert_eq!(best(&space).nearest(&space, 1, &alone), [1, 2, 1, 2]);
//! // The rows strictly within 1.5, and those within or on the border.
//! assert_eq!(best(&space).counts(&space, &[1.5; 4], Border::Strict, &alone), [1, 2, 1, 0]);
//! assert_eq!(Scan.counts(&space, &[1.5; 4], Border::Inclusive, &alone), [2, 2, 2, 0]);
//! ```

use std::sync::LazyLock;

mod exclusion;
mod ksg;
mod prepared;
mod scan;
pub(crate) mod sorted;
mod space;
mod tiles;
#[cfg_attr(not(target_arch = "x86_64"), path = "alone.rs")]
pub(crate) mod together;

pub use exclusion::Exclusion;
pub use ksg::{Algorithm, KsgCounts, KsgQuestion, ksg_scan};
pub use prepared::{KsgPrepared, ksg_tiles};
pub use scan::Scan;
pub use space::{Metric, Space};
pub use tiles::Tiles;

/// Whether a row at exactly the radius counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// distance < radius.
    Strict,
    /// distance ≤ radius.
    Inclusive,
}

impl Border {
    /// Whether `distance` is within `radius`.
    pub fn holds(self, distance: f64, radius: f64) -> bool {
        match self {
            Self::Strict => distance < radius,
            Self::Inclusive => distance <= radius,
        }
    }
}

/// Questions about all rows of a space at once. Every engine answers all of them with the same bits.
///
/// Each method panics if k is 0 or `radii` is not as long as there are rows.
pub trait Neighbours: Send + Sync {
    /// Distance of each row to its k-th nearest other row; infinite where it sees fewer than k.
    fn kth(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<f64>;

    /// Row numbers `[rows, k]`, nearest first, equal distances by row number; `u32::MAX` where a row sees fewer than k.
    fn nearest(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<u32>;

    /// How many other rows lie within each row's radius.
    fn counts(&self, space: &Space, radii: &[f64], border: Border, exclusion: &Exclusion) -> Vec<u32>;
}

/// Rows up to which comparing all is at least as fast as putting them in order.
const FEW_ROWS: usize = 16;

/// The fastest engine for this space.
pub fn best(space: &Space) -> &'static dyn Neighbours {
    static TILES: LazyLock<Tiles> = LazyLock::new(Tiles::default);
    if space.rows() <= FEW_ROWS { &Scan } else { &*TILES }
}
