//! Searches and counts with the lanes of each level of instructions.

use super::count::Count;
use super::lanes::Plain;
#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512};
use super::norm::Norm;
use super::search::{Found, Search};
use crate::simd::Level;

impl Level {
    pub(super) fn search<N: Norm>(self, search: &Search, answer: &mut dyn FnMut(usize, &[Found])) {
        match self {
            // SAFETY: a level is made only where its instructions exist.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { search_avx2::<N>(search, answer) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { search_avx512::<N>(search, answer) },
            // SAFETY: plain lanes need no instructions.
            _ => unsafe { search.run::<Plain, N>(answer) },
        }
    }

    pub(super) fn count<N: Norm>(self, count: &Count) -> Vec<u32> {
        match self {
            // SAFETY: a level is made only where its instructions exist.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { count_avx2::<N>(count) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { count_avx512::<N>(count) },
            // SAFETY: plain lanes need no instructions.
            _ => unsafe { count.run::<Plain, N>() },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn search_avx2<N: Norm>(search: &Search, answer: &mut dyn FnMut(usize, &[Found])) {
    // SAFETY: the feature of this function.
    unsafe { search.run::<Avx2, N>(answer) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx2,bmi1,popcnt")]
fn search_avx512<N: Norm>(search: &Search, answer: &mut dyn FnMut(usize, &[Found])) {
    // SAFETY: the features of this function.
    unsafe { search.run::<Avx512, N>(answer) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
fn count_avx2<N: Norm>(count: &Count) -> Vec<u32> {
    // SAFETY: the features of this function.
    unsafe { count.run::<Avx2, N>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx2,bmi1,popcnt")]
fn count_avx512<N: Norm>(count: &Count) -> Vec<u32> {
    // SAFETY: the features of this function.
    unsafe { count.run::<Avx512, N>() }
}
