//! Which instructions the kernels use: chosen at run time, never visible in a result.

/// An instruction set the kernels are written for, from the plainest to the widest.
///
/// ```
/// use infoplane_measures::packed::Level;
///
/// let available = Level::available();
/// assert_eq!((available[0], available[available.len() - 1]), (Level::Scalar, Level::detect()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// 64-bit words, with the machine's popcount instruction where it has one.
    Scalar,
    /// 256-bit vectors, bits counted by looking up nibbles.
    Avx2,
    /// 512-bit vectors that count bits themselves.
    Avx512,
}

impl Level {
    /// The widest level of this machine.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Scalar
    }

    /// Every level of this machine, the plainest first.
    pub fn available() -> Vec<Self> {
        [Self::Scalar, Self::Avx2, Self::Avx512].into_iter().filter(|level| *level <= Self::detect()).collect()
    }

    /// `avx512-vpopcntdq`, `avx2` or `scalar`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512-vpopcntdq",
        }
    }

    /// This level, or the widest there is if the machine lacks it.
    pub(super) fn or_available(self) -> Self {
        self.min(Self::detect())
    }
}

/// The name of the level this machine runs at.
pub fn simd_level() -> &'static str {
    Level::detect().name()
}
