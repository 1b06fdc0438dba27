//! Which vector instructions kernels use: chosen at run time, never visible in a result.

use std::sync::OnceLock;

/// A level of vector instructions; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Whatever every machine of the architecture has.
    Scalar,
    /// AVX2, FMA, population count, BMI1 and BMI2.
    Avx2,
    /// AVX-512 F, BW, DQ and VL.
    Avx512,
}

/// The vector instructions in use: `avx512`, `avx2` or `scalar`.
pub fn simd_level() -> &'static str {
    match Level::detect() {
        Level::Avx512 => "avx512",
        Level::Avx2 => "avx2",
        Level::Scalar => "scalar",
    }
}

impl Default for Level {
    fn default() -> Self {
        Self::detect()
    }
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
            && is_x86_feature_detected!("fma")
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

/// Calls `$body` compiled for `$level`: the same Rust code, so the same bits, with wider vectors.
///
/// `$body` must be an `#[inline(always)]` function, or it would keep the code of the lowest level.
macro_rules! at_level {
    ($level:expr, $body:ident $([$generic:ident: $bound:ident])?, ($($argument:ident: $kind:ty),*) $(-> $result:ty)? => ($($given:expr),*)) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn avx2 $(<$generic: $bound>)? ($($argument: $kind),*) $(-> $result)? {
            $body($($argument),*)
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")]
        fn avx512 $(<$generic: $bound>)? ($($argument: $kind),*) $(-> $result)? {
            $body($($argument),*)
        }
        match $level {
            // SAFETY: a level is only ever made by `Level::look`, which found its features on this machine.
            #[cfg(target_arch = "x86_64")]
            $crate::simd::Level::Avx512 => unsafe { avx512($($given),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            $crate::simd::Level::Avx2 => unsafe { avx2($($given),*) },
            _ => $body($($given),*),
        }
    }};
}
pub(crate) use at_level;
