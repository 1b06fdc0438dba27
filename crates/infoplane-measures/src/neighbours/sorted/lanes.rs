//! Eight f64 side by side, and runs of ranks, as few operations as the search needs, for each level of instructions.
//!
//! Every method is `unsafe` for one reason: it may only run where the type's instructions exist. Pointers must be valid
//! for eight values unless said; they need no alignment. All levels give the same bits: subtraction, absolute value,
//! minimum, maximum and comparison are exact or correctly rounded everywhere, and no value is NaN.

/// Eight f64.
pub(super) trait Eight: Copy {
    unsafe fn splat(value: f64) -> Self;
    unsafe fn load(from: *const f64) -> Self;
    unsafe fn store(self, to: *mut f64);
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn min(self, other: Self) -> Self;
    unsafe fn max(self, other: Self) -> Self;
    /// max(|self|, |other|).
    unsafe fn max_abs(self, other: Self) -> Self;
    /// The smallest lane.
    unsafe fn least(self) -> f64;
    /// The largest lane.
    unsafe fn largest(self) -> f64;
    /// One bit for each lane that is below.
    unsafe fn below(self, limit: Self) -> u8;
    /// Infinity in the lanes whose bit is set.
    unsafe fn infinite_where(self, lanes: u8) -> Self;

    /// How many of the `len` numbers at `from` lie in `low..low + width`.
    unsafe fn within16(from: *const u16, len: usize, low: u16, width: u16) -> u32;
    /// How many of the `len` numbers at `from` lie in `low..low + width`.
    unsafe fn within32(from: *const u32, len: usize, low: u32, width: u32) -> u32;
}

/// Without any special instruction.
#[derive(Clone, Copy)]
pub(super) struct Plain([f64; 8]);

impl Plain {
    #[inline(always)]
    fn with(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }
}

// SAFETY of the bodies: plain Rust, but for the pointers, which the trait's contract makes valid.
impl Eight for Plain {
    #[inline(always)]
    unsafe fn splat(value: f64) -> Self {
        Self([value; 8])
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: valid for eight values.
        Self(unsafe { from.cast::<[f64; 8]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: valid for eight values.
        unsafe { to.cast::<[f64; 8]>().write_unaligned(self.0) }
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
    unsafe fn max(self, other: Self) -> Self {
        self.with(other, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    unsafe fn max_abs(self, other: Self) -> Self {
        self.with(other, |a, b| if a.abs() > b.abs() { a.abs() } else { b.abs() })
    }
    #[inline(always)]
    unsafe fn least(self) -> f64 {
        self.0.into_iter().fold(f64::INFINITY, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    unsafe fn largest(self) -> f64 {
        self.0.into_iter().fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a })
    }
    #[inline(always)]
    unsafe fn below(self, limit: Self) -> u8 {
        (0..8).fold(0, |bits, lane| bits | u8::from(self.0[lane] < limit.0[lane]) << lane)
    }
    #[inline(always)]
    unsafe fn infinite_where(self, lanes: u8) -> Self {
        Self(std::array::from_fn(|lane| if lanes >> lane & 1 == 1 { f64::INFINITY } else { self.0[lane] }))
    }
    #[inline(always)]
    unsafe fn within16(from: *const u16, len: usize, low: u16, width: u16) -> u32 {
        // SAFETY: the caller gives `len` numbers.
        let ranks = unsafe { std::slice::from_raw_parts(from, len) };
        ranks.iter().map(|rank| u32::from(rank.wrapping_sub(low) < width)).sum()
    }
    #[inline(always)]
    unsafe fn within32(from: *const u32, len: usize, low: u32, width: u32) -> u32 {
        // SAFETY: the caller gives `len` numbers.
        let ranks = unsafe { std::slice::from_raw_parts(from, len) };
        ranks.iter().map(|rank| u32::from(rank.wrapping_sub(low) < width)).sum()
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Pair, Wide};

#[cfg(target_arch = "x86_64")]
#[allow(clippy::wildcard_imports)] // most names are used once
mod x86 {
    use std::arch::x86_64::*;

    use super::Eight;

    /// AVX2: two registers of four.
    #[derive(Clone, Copy)]
    pub(in crate::neighbours::sorted) struct Pair(__m256d, __m256d);

    /// AVX-512: one register.
    #[derive(Clone, Copy)]
    pub(in crate::neighbours::sorted) struct Wide(__m512d);

    // SAFETY of the bodies: the trait's contract says that AVX2 exists and that pointers are valid.
    impl Eight for Pair {
        #[inline(always)]
        unsafe fn splat(value: f64) -> Self {
            unsafe { Self(_mm256_set1_pd(value), _mm256_set1_pd(value)) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f64) -> Self {
            unsafe { Self(_mm256_loadu_pd(from), _mm256_loadu_pd(from.add(4))) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f64) {
            unsafe {
                _mm256_storeu_pd(to, self.0);
                _mm256_storeu_pd(to.add(4), self.1);
            }
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            unsafe { Self(_mm256_sub_pd(self.0, other.0), _mm256_sub_pd(self.1, other.1)) }
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            unsafe { Self(_mm256_min_pd(self.0, other.0), _mm256_min_pd(self.1, other.1)) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { Self(_mm256_max_pd(self.0, other.0), _mm256_max_pd(self.1, other.1)) }
        }
        #[inline(always)]
        unsafe fn max_abs(self, other: Self) -> Self {
            unsafe {
                let sign = _mm256_set1_pd(-0.0);
                let low = _mm256_max_pd(_mm256_andnot_pd(sign, self.0), _mm256_andnot_pd(sign, other.0));
                Self(low, _mm256_max_pd(_mm256_andnot_pd(sign, self.1), _mm256_andnot_pd(sign, other.1)))
            }
        }
        #[inline(always)]
        unsafe fn least(self) -> f64 {
            unsafe {
                let four = _mm256_min_pd(self.0, self.1);
                let two = _mm_min_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
                _mm_cvtsd_f64(_mm_min_sd(two, _mm_unpackhi_pd(two, two)))
            }
        }
        #[inline(always)]
        unsafe fn largest(self) -> f64 {
            unsafe {
                let four = _mm256_max_pd(self.0, self.1);
                let two = _mm_max_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
                _mm_cvtsd_f64(_mm_max_sd(two, _mm_unpackhi_pd(two, two)))
            }
        }
        #[inline(always)]
        unsafe fn below(self, limit: Self) -> u8 {
            unsafe {
                let low = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(self.0, limit.0));
                let high = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(self.1, limit.1));
                (low | high << 4) as u8
            }
        }
        #[inline(always)]
        unsafe fn infinite_where(self, lanes: u8) -> Self {
            unsafe {
                let mut values = [0.0; 8];
                self.store(values.as_mut_ptr());
                (0..8).filter(|lane| lanes >> lane & 1 == 1).for_each(|lane| values[lane] = f64::INFINITY);
                Self::load(values.as_ptr())
            }
        }
        #[inline(always)]
        unsafe fn within16(from: *const u16, len: usize, low: u16, width: u16) -> u32 {
            unsafe {
                // Signed comparison only: both sides are moved by 2^15.
                let flip = |a: u16| (a ^ 0x8000).cast_signed();
                let (low16, limit) = (_mm256_set1_epi16(low.cast_signed()), _mm256_set1_epi16(flip(width)));
                let mut total = 0;
                let whole = len / 16;
                for chunk in 0..whole {
                    let ranks = _mm256_loadu_si256(from.add(16 * chunk).cast());
                    let moved = _mm256_xor_si256(_mm256_sub_epi16(ranks, low16), _mm256_set1_epi16(i16::MIN));
                    total += (_mm256_movemask_epi8(_mm256_cmpgt_epi16(limit, moved)) as u32).count_ones() / 2;
                }
                (16 * whole..len).fold(total, |n, i| n + u32::from((*from.add(i)).wrapping_sub(low) < width))
            }
        }
        #[inline(always)]
        unsafe fn within32(from: *const u32, len: usize, low: u32, width: u32) -> u32 {
            unsafe {
                let flip = |a: u32| (a ^ 0x8000_0000).cast_signed();
                let (low32, limit) = (_mm256_set1_epi32(low.cast_signed()), _mm256_set1_epi32(flip(width)));
                let mut total = 0;
                let whole = len / 8;
                for chunk in 0..whole {
                    let ranks = _mm256_loadu_si256(from.add(8 * chunk).cast());
                    let moved = _mm256_xor_si256(_mm256_sub_epi32(ranks, low32), _mm256_set1_epi32(i32::MIN));
                    let inside = _mm256_castsi256_ps(_mm256_cmpgt_epi32(limit, moved));
                    total += (_mm256_movemask_ps(inside) as u32).count_ones();
                }
                (8 * whole..len).fold(total, |n, i| n + u32::from((*from.add(i)).wrapping_sub(low) < width))
            }
        }
    }

    // SAFETY of the bodies: the trait's contract says that AVX-512 F, BW, DQ and VL exist and that pointers are valid.
    impl Eight for Wide {
        #[inline(always)]
        unsafe fn splat(value: f64) -> Self {
            Self(unsafe { _mm512_set1_pd(value) })
        }
        #[inline(always)]
        unsafe fn load(from: *const f64) -> Self {
            Self(unsafe { _mm512_loadu_pd(from) })
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f64) {
            unsafe { _mm512_storeu_pd(to, self.0) }
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            Self(unsafe { _mm512_sub_pd(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            Self(unsafe { _mm512_min_pd(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            Self(unsafe { _mm512_max_pd(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn max_abs(self, other: Self) -> Self {
            // The larger absolute value, its sign cleared.
            Self(unsafe { _mm512_range_pd::<0b1011>(self.0, other.0) })
        }
        #[inline(always)]
        unsafe fn least(self) -> f64 {
            unsafe { _mm512_reduce_min_pd(self.0) }
        }
        #[inline(always)]
        unsafe fn largest(self) -> f64 {
            unsafe { _mm512_reduce_max_pd(self.0) }
        }
        #[inline(always)]
        unsafe fn below(self, limit: Self) -> u8 {
            unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, limit.0) }
        }
        #[inline(always)]
        unsafe fn infinite_where(self, lanes: u8) -> Self {
            Self(unsafe { _mm512_mask_mov_pd(self.0, lanes, _mm512_set1_pd(f64::INFINITY)) })
        }
        #[inline(always)]
        unsafe fn within16(from: *const u16, len: usize, low: u16, width: u16) -> u32 {
            unsafe {
                let (low, width) = (_mm512_set1_epi16(low.cast_signed()), _mm512_set1_epi16(width.cast_signed()));
                let (mut total, whole) = (0, len / 32);
                for chunk in 0..whole {
                    let ranks = _mm512_loadu_si512(from.add(32 * chunk).cast());
                    total += _mm512_cmplt_epu16_mask(_mm512_sub_epi16(ranks, low), width).count_ones();
                }
                let rest = (1_u32 << (len % 32)) - 1;
                let ranks = _mm512_maskz_loadu_epi16(rest, from.add(32 * whole).cast());
                total + _mm512_mask_cmplt_epu16_mask(rest, _mm512_sub_epi16(ranks, low), width).count_ones()
            }
        }
        #[inline(always)]
        unsafe fn within32(from: *const u32, len: usize, low: u32, width: u32) -> u32 {
            unsafe {
                let (low, width) = (_mm512_set1_epi32(low.cast_signed()), _mm512_set1_epi32(width.cast_signed()));
                let (mut total, whole) = (0, len / 16);
                for chunk in 0..whole {
                    let ranks = _mm512_loadu_si512(from.add(16 * chunk).cast());
                    total += _mm512_cmplt_epu32_mask(_mm512_sub_epi32(ranks, low), width).count_ones();
                }
                let rest = (1_u16 << (len % 16)) - 1;
                let ranks = _mm512_maskz_loadu_epi32(rest, from.add(16 * whole).cast());
                total + _mm512_mask_cmplt_epu32_mask(rest, _mm512_sub_epi32(ranks, low), width).count_ones()
            }
        }
    }
}
