//! Sixteen f32 at a time, as few operations as the distance kernels need, for each level of instructions.
//!
//! Every method is `unsafe` for one reason: it may only run where the type's instructions exist.

use crate::neighbours::Border;

/// Floats side by side: one register of the widest level.
pub(super) const WIDTH: usize = 16;

/// Sixteen floats in memory.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Strip(pub(super) [f32; WIDTH]);

impl Strip {
    pub(super) const fn all(value: f32) -> Self {
        Self([value; WIDTH])
    }
}

/// Sixteen doubles in memory.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Strip64(pub(super) [f64; WIDTH]);

/// Sixteen floats in registers.
pub(super) trait Lanes: Copy {
    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: &Strip) -> Self;
    unsafe fn store(self, to: &mut Strip);
    unsafe fn sub(self, other: Self) -> Self;
    /// The larger of each, for self ≥ 0.
    unsafe fn max(self, other: Self) -> Self;
    /// max(self, |difference|) for self ≥ 0.
    unsafe fn farther(self, difference: Self) -> Self;
    /// self + other².
    unsafe fn plus_square(self, other: Self) -> Self;
    /// Bit i is set where lane i is at most the limit's.
    unsafe fn at_most(self, limit: Self) -> u32;
    /// Bit i is set where the true distance of lane `lane` of `rows` to lane i of `others` is within the radius.
    unsafe fn within(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32;
    /// Lanes in ascending order with `value` among them, the largest dropped; `before` is pushed in from below.
    unsafe fn inserted(self, value: f32, before: f32) -> Self;
}

/// Without any special instruction.
#[derive(Clone, Copy)]
pub(super) struct Plain([f32; WIDTH]);

impl Plain {
    #[inline(always)]
    fn with(self, other: Self, operation: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

// SAFETY of the bodies: plain Rust.
impl Lanes for Plain {
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; WIDTH])
    }
    #[inline(always)]
    unsafe fn load(from: &Strip) -> Self {
        Self(from.0)
    }
    #[inline(always)]
    unsafe fn store(self, to: &mut Strip) {
        to.0 = self.0;
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        self.with(other, larger)
    }
    #[inline(always)]
    unsafe fn farther(self, difference: Self) -> Self {
        self.with(difference, |a, b| larger(a, b.abs()))
    }
    #[inline(always)]
    unsafe fn plus_square(self, other: Self) -> Self {
        self.with(other, |sum, difference| sum + difference * difference)
    }
    #[inline(always)]
    unsafe fn at_most(self, limit: Self) -> u32 {
        (0..WIDTH).fold(0, |mask, lane| mask | (u32::from(self.0[lane] <= limit.0[lane]) << lane))
    }
    #[inline(always)]
    unsafe fn within(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32 {
        let mut distances = [0.0; WIDTH];
        for (row, other) in rows.iter().zip(others) {
            for (distance, value) in distances.iter_mut().zip(other.0) {
                let difference = (value - row.0[lane]).abs();
                *distance = if difference > *distance { difference } else { *distance };
            }
        }
        (0..WIDTH).fold(0, |mask, lane| mask | (u32::from(border.holds(distances[lane], radius)) << lane))
    }
    #[inline(always)]
    unsafe fn inserted(self, value: f32, before: f32) -> Self {
        let below = |lane: usize| if lane == 0 { before } else { self.0[lane - 1] };
        Self(std::array::from_fn(|lane| {
            let pushed = larger(below(lane), value);
            if self.0[lane] < pushed { self.0[lane] } else { pushed }
        }))
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
#[allow(clippy::wildcard_imports)] // most names are used once
mod x86 {
    use std::arch::x86_64::*;

    use super::{Border, Lanes, Strip, Strip64};

    /// Two registers of eight.
    #[derive(Clone, Copy)]
    pub(in crate::neighbours::tiles) struct Avx2(__m256, __m256);

    /// One register of sixteen.
    #[derive(Clone, Copy)]
    pub(in crate::neighbours::tiles) struct Avx512(__m512);

    // SAFETY of the bodies: the trait's contract says that AVX2 exists; a strip is 64 bytes aligned to 64.
    impl Lanes for Avx2 {
        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            unsafe { Self(_mm256_set1_ps(value), _mm256_set1_ps(value)) }
        }
        #[inline(always)]
        unsafe fn load(from: &Strip) -> Self {
            unsafe { Self(_mm256_load_ps(from.0.as_ptr()), _mm256_load_ps(from.0.as_ptr().add(8))) }
        }
        #[inline(always)]
        unsafe fn store(self, to: &mut Strip) {
            unsafe {
                _mm256_store_ps(to.0.as_mut_ptr(), self.0);
                _mm256_store_ps(to.0.as_mut_ptr().add(8), self.1);
            }
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            unsafe { Self(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { Self(_mm256_max_ps(self.0, other.0), _mm256_max_ps(self.1, other.1)) }
        }
        #[inline(always)]
        unsafe fn farther(self, difference: Self) -> Self {
            unsafe {
                let sign = _mm256_set1_ps(-0.0);
                let (a, b) = (_mm256_andnot_ps(sign, difference.0), _mm256_andnot_ps(sign, difference.1));
                Self(_mm256_max_ps(self.0, a), _mm256_max_ps(self.1, b))
            }
        }
        #[inline(always)]
        unsafe fn plus_square(self, other: Self) -> Self {
            unsafe {
                let (a, b) = (_mm256_mul_ps(other.0, other.0), _mm256_mul_ps(other.1, other.1));
                Self(_mm256_add_ps(self.0, a), _mm256_add_ps(self.1, b))
            }
        }
        #[inline(always)]
        unsafe fn at_most(self, limit: Self) -> u32 {
            unsafe {
                let low = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(self.0, limit.0));
                let high = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(self.1, limit.1));
                (low | (high << 8)) as u32
            }
        }
        #[inline(always)]
        unsafe fn within(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32 {
            unsafe {
                let sign = _mm256_set1_pd(-0.0);
                let mut distances = [_mm256_setzero_pd(); 4];
                for (row, other) in rows.iter().zip(others) {
                    let centre = _mm256_set1_pd(row.0[lane]);
                    for (part, distance) in distances.iter_mut().enumerate() {
                        let difference = _mm256_sub_pd(_mm256_load_pd(other.0.as_ptr().add(4 * part)), centre);
                        *distance = _mm256_max_pd(*distance, _mm256_andnot_pd(sign, difference));
                    }
                }
                let (radius, mut mask) = (_mm256_set1_pd(radius), 0);
                for (part, distance) in distances.into_iter().enumerate() {
                    let inside = match border {
                        Border::Strict => _mm256_cmp_pd::<_CMP_LT_OQ>(distance, radius),
                        Border::Inclusive => _mm256_cmp_pd::<_CMP_LE_OQ>(distance, radius),
                    };
                    mask |= (_mm256_movemask_pd(inside) as u32) << (4 * part);
                }
                mask
            }
        }
        #[inline(always)]
        unsafe fn inserted(self, value: f32, before: f32) -> Self {
            unsafe {
                let up = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
                let (low, high) = (_mm256_permutevar8x32_ps(self.0, up), _mm256_permutevar8x32_ps(self.1, up));
                let below = _mm256_blend_ps::<1>(low, _mm256_set1_ps(before));
                let above = _mm256_blend_ps::<1>(high, low);
                let value = _mm256_set1_ps(value);
                Self(
                    _mm256_min_ps(self.0, _mm256_max_ps(below, value)),
                    _mm256_min_ps(self.1, _mm256_max_ps(above, value)),
                )
            }
        }
    }

    // SAFETY of the bodies: the trait's contract says that AVX-512 F and DQ exist; a strip is 64 bytes aligned to 64.
    impl Lanes for Avx512 {
        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            unsafe { Self(_mm512_set1_ps(value)) }
        }
        #[inline(always)]
        unsafe fn load(from: &Strip) -> Self {
            unsafe { Self(_mm512_load_ps(from.0.as_ptr())) }
        }
        #[inline(always)]
        unsafe fn store(self, to: &mut Strip) {
            unsafe { _mm512_store_ps(to.0.as_mut_ptr(), self.0) }
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            unsafe { Self(_mm512_sub_ps(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            // Negative floats are negative integers.
            unsafe {
                Self(_mm512_castsi512_ps(_mm512_max_epi32(_mm512_castps_si512(self.0), _mm512_castps_si512(other.0))))
            }
        }
        #[inline(always)]
        unsafe fn farther(self, difference: Self) -> Self {
            // Floats that are not negative order as integers, and integer units stand idle: a quarter faster than the
            // one instruction for this, VRANGEPS, which waits for the adders.
            unsafe {
                let size = _mm512_and_si512(_mm512_castps_si512(difference.0), _mm512_set1_epi32(i32::MAX));
                Self(_mm512_castsi512_ps(_mm512_max_epi32(_mm512_castps_si512(self.0), size)))
            }
        }
        #[inline(always)]
        unsafe fn plus_square(self, other: Self) -> Self {
            unsafe { Self(_mm512_fmadd_ps(other.0, other.0, self.0)) }
        }
        #[inline(always)]
        unsafe fn at_most(self, limit: Self) -> u32 {
            unsafe { u32::from(_mm512_cmp_ps_mask::<_CMP_LE_OQ>(self.0, limit.0)) }
        }
        #[inline(always)]
        unsafe fn within(rows: &[Strip64], lane: usize, others: &[Strip64], radius: f64, border: Border) -> u32 {
            unsafe {
                let (mut low, mut high) = (_mm512_setzero_pd(), _mm512_setzero_pd());
                for (row, other) in rows.iter().zip(others) {
                    let centre = _mm512_set1_pd(row.0[lane]);
                    let first = _mm512_sub_pd(_mm512_load_pd(other.0.as_ptr()), centre);
                    let second = _mm512_sub_pd(_mm512_load_pd(other.0.as_ptr().add(8)), centre);
                    low = _mm512_range_pd::<0b1011>(low, first);
                    high = _mm512_range_pd::<0b1011>(high, second);
                }
                let radius = _mm512_set1_pd(radius);
                let (low, high) = match border {
                    Border::Strict => {
                        (_mm512_cmp_pd_mask::<_CMP_LT_OQ>(low, radius), _mm512_cmp_pd_mask::<_CMP_LT_OQ>(high, radius))
                    }
                    Border::Inclusive => {
                        (_mm512_cmp_pd_mask::<_CMP_LE_OQ>(low, radius), _mm512_cmp_pd_mask::<_CMP_LE_OQ>(high, radius))
                    }
                };
                u32::from(low) | (u32::from(high) << 8)
            }
        }
        #[inline(always)]
        unsafe fn inserted(self, value: f32, before: f32) -> Self {
            unsafe {
                let before = _mm512_castps_si512(_mm512_set1_ps(before));
                let below = _mm512_castsi512_ps(_mm512_alignr_epi32::<15>(_mm512_castps_si512(self.0), before));
                Self(_mm512_min_ps(self.0, _mm512_max_ps(below, _mm512_set1_ps(value))))
            }
        }
    }
}
