//! Sorts as many numbers as eight registers hold, without a branch.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

/// Numbers of a lane, one in each register.
pub(super) const COLUMN: usize = 8;

/// Sorts numbers without sign. Each lane is a column of eight that stand one below the other; the next eight stand in the
/// next lane.
///
/// Batcher's bitonic sort (1968, doi 10.1145/1468075.1468121) of columns that a network of nineteen comparators has sorted.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn sort(columns: &mut [__m512i; COLUMN]) {
    // in parts, for a loop of so many turns would be one, and the columns in memory
    for (low, high) in [(0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7)] {
        order(columns, low, high);
    }
    for (low, high) in [(0, 1), (2, 3), (4, 5), (6, 7), (2, 4), (3, 5)] {
        order(columns, low, high);
    }
    for (low, high) in [(1, 4), (3, 6), (1, 2), (3, 4), (5, 6)] {
        order(columns, low, high);
    }
    let lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let across = |flip: i32| _mm512_xor_si512(lane, _mm512_set1_epi32(flip));
    let (one, three, seven, fifteen) = (across(1), across(3), across(7), across(15));
    let (two, four) = (across(2), across(4));
    // two runs are merged: the second is turned over, then halves are ordered, then halves of halves
    mirror(columns, one, 0xaaaa);
    finish(columns);
    mirror(columns, three, 0xcccc);
    halve(columns, one, 0xaaaa);
    finish(columns);
    mirror(columns, seven, 0xf0f0);
    halve(columns, two, 0xcccc);
    halve(columns, one, 0xaaaa);
    finish(columns);
    mirror(columns, fifteen, 0xff00);
    halve(columns, four, 0xf0f0);
    halve(columns, two, 0xcccc);
    halve(columns, one, 0xaaaa);
    finish(columns);
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn order(columns: &mut [__m512i; COLUMN], low: usize, high: usize) {
    let (a, b) = (columns[low], columns[high]);
    (columns[low], columns[high]) = (_mm512_min_epu32(a, b), _mm512_max_epu32(a, b));
}

/// Of two numbers the smaller, or in the `upper` lanes the larger.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn either(a: __m512i, b: __m512i, upper: u16) -> __m512i {
    _mm512_mask_max_epu32(_mm512_min_epu32(a, b), upper, a, b)
}

/// Orders the ends of two neighbouring runs, then what stands one further in, and so on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn mirror(columns: &mut [__m512i; COLUMN], lanes: __m512i, upper: u16) {
    for row in 0..COLUMN / 2 {
        let (a, b) = (columns[row], columns[COLUMN - 1 - row]);
        columns[row] = either(a, _mm512_permutexvar_epi32(lanes, b), upper);
        columns[COLUMN - 1 - row] = either(b, _mm512_permutexvar_epi32(lanes, a), upper);
    }
}

/// Orders the halves of each run, number by number.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn halve(columns: &mut [__m512i; COLUMN], lanes: __m512i, upper: u16) {
    for row in columns {
        *row = either(*row, _mm512_permutexvar_epi32(lanes, *row), upper);
    }
}

/// The same within the columns, down to single numbers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn finish(columns: &mut [__m512i; COLUMN]) {
    for (low, high) in [(0, 4), (1, 5), (2, 6), (3, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 1), (2, 3), (4, 5), (6, 7)]
    {
        order(columns, low, high);
    }
}
