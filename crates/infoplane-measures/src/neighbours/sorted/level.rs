//! The bodies of the sorted engine, compiled with the vectors of each level of instructions.

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
            $crate::simd::Level::Avx512 => unsafe { avx512 $(::<$($constant),*>)? ($($given),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            $crate::simd::Level::Avx2 => unsafe { avx2 $(::<$($constant),*>)? ($($given),*) },
            // SAFETY: plain Rust runs everywhere.
            _ => unsafe { $body::<$crate::neighbours::sorted::lanes::Plain $($(, $constant)*)?>($($given),*) },
        }
    }};
}
pub(super) use at_level;
