//! The smallest distances so far, eight searches side by side.

use super::lanes::Eight;

/// Ascending, the K-th last; where K is less than `KEPT`, −∞ comes first.
#[derive(Clone, Copy)]
pub(super) struct Best<V, const KEPT: usize>([V; KEPT]);

impl<V: Eight, const KEPT: usize> Best<V, KEPT> {
    /// None found yet.
    ///
    /// # Safety
    /// The instructions of `V` must exist; so for all methods.
    #[inline(always)]
    pub(super) unsafe fn none(k: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            let mut best = [V::splat(f64::INFINITY); KEPT];
            for lower in &mut best[..KEPT - k] {
                *lower = V::splat(f64::NEG_INFINITY);
            }
            Self(best)
        }
    }

    /// The K-th distance.
    #[inline(always)]
    pub(super) fn last(&self) -> V {
        self.0[KEPT - 1]
    }

    /// Takes another distance in.
    #[inline(always)]
    pub(super) unsafe fn insert(&mut self, distance: V) {
        // Written out: the places must be constants, or the distances would live in memory instead of registers.
        macro_rules! insert {
            ($($place:literal)*) => { $(
                if KEPT > $place {
                    self.0[$place] = self.0[$place].min(self.0[$place - 1].max(distance));
                }
            )* };
        }
        // SAFETY: the caller's promise.
        unsafe {
            insert!(15 14 13 12 11 10 9 8 7 6 5 4 3 2 1);
            self.0[0] = self.0[0].min(distance);
        }
    }
}
