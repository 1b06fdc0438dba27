//! Which instructions the kernels use: chosen at run time, never visible in a result.

use super::count::Count;
use super::lanes::Plain;
#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512};
use super::norm::Norm;
use super::search::{Found, Search};

/// An instruction set, made only where it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::neighbours) enum Level {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Default for Level {
    fn default() -> Self {
        Self::detect()
    }
}

impl Level {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let plain = is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt");
            let avx2 = plain && is_x86_feature_detected!("avx2");
            if avx2 && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") {
                return Self::Avx512;
            }
            if avx2 {
                return Self::Avx2;
            }
        }
        Self::Plain
    }

    /// Every level of this machine, the plainest first.
    #[cfg(test)]
    pub(super) fn available() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        let all = [Self::Plain, Self::Avx2, Self::Avx512];
        #[cfg(not(target_arch = "x86_64"))]
        let all = [Self::Plain];
        all.into_iter().filter(|level| *level <= Self::detect()).collect()
    }

    pub(super) fn search<N: Norm>(self, search: &Search, answer: &mut dyn FnMut(usize, &[Found])) {
        match self {
            // SAFETY: plain lanes need no instructions.
            Self::Plain => unsafe { search.run::<Plain, N>(answer) },
            // SAFETY: a level is made only where its instructions exist.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { search_avx2::<N>(search, answer) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { search_avx512::<N>(search, answer) },
        }
    }

    pub(super) fn count<N: Norm>(self, count: &Count) -> Vec<u32> {
        match self {
            // SAFETY: plain lanes need no instructions.
            Self::Plain => unsafe { count.run::<Plain, N>() },
            // SAFETY: a level is made only where its instructions exist.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { count_avx2::<N>(count) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { count_avx512::<N>(count) },
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
