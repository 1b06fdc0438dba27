//! Which vector instructions the sorted engine uses: chosen at run time, never visible in a result.

use std::sync::OnceLock;

/// A level of vector instructions; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Whatever every machine of the architecture has.
    Scalar,
    /// AVX2 and population count.
    Avx2,
    /// AVX-512 F, BW, DQ and VL.
    Avx512,
}

impl Level {
    /// The best level of this machine.
    pub(crate) fn detect() -> Self {
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(Self::look)
    }

    /// All levels that this machine has.
    #[cfg(test)]
    pub(crate) fn available() -> Vec<Self> {
        [Self::Scalar, Self::Avx2, Self::Avx512].into_iter().filter(|level| *level <= Self::detect()).collect()
    }

    #[cfg(target_arch = "x86_64")]
    fn look() -> Self {
        let avx2 = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        let avx512 = avx2
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl");
        match (avx512, avx2) {
            (true, _) => Self::Avx512,
            (_, true) => Self::Avx2,
            _ => Self::Scalar,
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn look() -> Self {
        Self::Scalar
    }
}

/// Calls `$body::<V, …>` with the vectors of `$level`, compiled for that level: the same Rust code, so the same bits.
///
/// `$body` must be an `#[inline(always)]` function, or it would keep the code of the lowest level.
macro_rules! at_level {
    ($level:expr, $body:ident $([$($constant:ident: $of:ty),*])?, ($($argument:ident: $kind:ty),*) $(-> $result:ty)? => ($($given:expr),*)) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,popcnt,bmi1,bmi2")]
        fn avx2 $(<$(const $constant: $of),*>)? ($($argument: $kind),*) $(-> $result)? {
            // SAFETY: this function runs where AVX2 exists.
            unsafe { $body::<$crate::neighbours::sorted::lanes::Pair $($(, $constant)*)?>($($argument),*) }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
        fn avx512 $(<$(const $constant: $of),*>)? ($($argument: $kind),*) $(-> $result)? {
            // SAFETY: this function runs where AVX-512 F, BW, DQ and VL exist.
            unsafe { $body::<$crate::neighbours::sorted::lanes::Wide $($(, $constant)*)?>($($argument),*) }
        }
        match $level {
            // SAFETY: a level is only ever made by `Level::look`, which found its features on this machine.
            #[cfg(target_arch = "x86_64")]
            $crate::neighbours::sorted::level::Level::Avx512 => unsafe { avx512 $(::<$($constant),*>)? ($($given),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            $crate::neighbours::sorted::level::Level::Avx2 => unsafe { avx2 $(::<$($constant),*>)? ($($given),*) },
            // SAFETY: plain Rust runs everywhere.
            _ => unsafe { $body::<$crate::neighbours::sorted::lanes::Plain $($(, $constant)*)?>($($given),*) },
        }
    }};
}
pub(super) use at_level;
