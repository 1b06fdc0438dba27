//! Vectors of f32, as few operations as the distance kernel needs, for each level of instructions.
//!
//! Every method is `unsafe` for one reason: it may only run where the type's instructions exist. Pointers must be valid
//! for `COUNT` floats; they need no alignment.

/// 1.5·2^23: added to a small number it leaves the nearest integer in the lowest bits.
const MAGIC: f32 = 12_582_912.0;
/// 2^−f for |f| ≤ ½, with 1 at 0 exactly; largest relative error 5e-9 (interpolation of (2^−f − 1)/f at Chebyshev nodes).
const POLYNOMIAL: [f32; 6] =
    [-std::f32::consts::LN_2, 0.240_226_5, -0.055_503_57, 0.009_618_082, -0.001_339_086_4, 0.000_154_531_63];

/// A vector of f32.
pub(super) trait Lanes: Copy {
    /// Floats in a vector.
    const COUNT: usize;

    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn min(self, other: Self) -> Self;
    /// self·factor + summand.
    unsafe fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// self·2^−n, where `shifted` is n + MAGIC.
    unsafe fn halve(self, shifted: Self) -> Self;
    /// Whether any lane is below.
    unsafe fn any_below(self, limit: Self) -> bool;

    /// 2^(−self·factor) for 0 ≤ self·factor, which is cut at self = `most` to stay a normal number.
    #[inline(always)]
    unsafe fn falling_power(self, factor: Self, most: Self) -> Self {
        // SAFETY: the caller runs where the instructions of this type exist.
        unsafe {
            let (magic, distance) = (Self::splat(MAGIC), self.min(most));
            let shifted = distance.mul_add(factor, magic);
            let fraction = distance.mul_add(factor, magic.sub(shifted));
            let mut power = Self::splat(POLYNOMIAL[5]);
            for coefficient in POLYNOMIAL[..5].iter().rev() {
                power = power.mul_add(fraction, Self::splat(*coefficient));
            }
            power.mul_add(fraction, Self::splat(1.0)).halve(shifted)
        }
    }
}

/// Four floats without any special instruction.
#[derive(Clone, Copy)]
pub(super) struct Plain([f32; 4]);

impl Plain {
    #[inline(always)]
    fn with(self, other: Self, operation: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }
}

// SAFETY of the bodies: plain Rust, but for the pointers, which the trait's contract makes valid.
impl Lanes for Plain {
    const COUNT: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: valid for four floats.
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: valid for four floats.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn min(self, other: Self) -> Self {
        self.with(other, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, summand: Self) -> Self {
        self.with(factor, |a, b| a * b).with(summand, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn halve(self, shifted: Self) -> Self {
        self.with(shifted, |power, n| f32::from_bits(power.to_bits().wrapping_sub(n.to_bits() << 23)))
    }
    #[inline(always)]
    unsafe fn any_below(self, limit: Self) -> bool {
        (0..4).any(|lane| self.0[lane] < limit.0[lane])
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Eight, Sixteen};

#[cfg(target_arch = "x86_64")]
#[allow(clippy::wildcard_imports)] // most names are used once
mod x86 {
    use std::arch::x86_64::*;

    use super::Lanes;

    /// Eight floats, AVX2 and FMA.
    #[derive(Clone, Copy)]
    pub(in crate::layers) struct Eight(__m256);

    /// Sixteen floats, AVX-512 F.
    #[derive(Clone, Copy)]
    pub(in crate::layers) struct Sixteen(__m512);

    // SAFETY of the bodies: the trait's contract says that AVX2 and FMA exist and pointers are valid for eight floats.
    impl Lanes for Eight {
        const COUNT: usize = 8;

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            Self(unsafe { _mm256_set1_ps(value) })
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { _mm256_loadu_ps(from) })
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm256_storeu_ps(to, self.0) }
        }
        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            Self(unsafe { _mm256_add_ps(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            Self(unsafe { _mm256_sub_ps(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            Self(unsafe { _mm256_min_ps(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, summand: Self) -> Self {
            Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, summand.0) })
        }
        #[inline(always)]
        unsafe fn halve(self, shifted: Self) -> Self {
            unsafe {
                let exponents = _mm256_slli_epi32::<23>(_mm256_castps_si256(shifted.0));
                Self(_mm256_castsi256_ps(_mm256_sub_epi32(_mm256_castps_si256(self.0), exponents)))
            }
        }
        #[inline(always)]
        unsafe fn any_below(self, limit: Self) -> bool {
            unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LT_OQ>(self.0, limit.0)) != 0 }
        }
    }

    // SAFETY of the bodies: the trait's contract says that AVX-512 F exists and pointers are valid for sixteen floats.
    impl Lanes for Sixteen {
        const COUNT: usize = 16;

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            Self(unsafe { _mm512_set1_ps(value) })
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { _mm512_loadu_ps(from) })
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm512_storeu_ps(to, self.0) }
        }
        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            Self(unsafe { _mm512_add_ps(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            Self(unsafe { _mm512_sub_ps(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            Self(unsafe { _mm512_min_ps(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, summand: Self) -> Self {
            Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, summand.0) })
        }
        #[inline(always)]
        unsafe fn halve(self, shifted: Self) -> Self {
            unsafe {
                let exponents = _mm512_slli_epi32::<23>(_mm512_castps_si512(shifted.0));
                Self(_mm512_castsi512_ps(_mm512_sub_epi32(_mm512_castps_si512(self.0), exponents)))
            }
        }
        #[inline(always)]
        unsafe fn any_below(self, limit: Self) -> bool {
            unsafe { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, limit.0) != 0 }
        }
    }
}
