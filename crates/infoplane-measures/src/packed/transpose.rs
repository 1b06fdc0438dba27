//! Rows of bits into series: gather rows in any order, transpose eight 64×64 bit matrices at a time.
//!
//! A 64×64 bit matrix is transposed by exchanging, for j = 32, 16, 8, 4, 2, 1, the bits c with c & j set of row r with
//! the bits c − j of row r + j (r & j clear): Warren, Hacker's Delight, 2nd ed. (2012), section 7-3. Three values of j
//! are done at a time on eight rows. The eight matrices are L groups of 64 units by 8/L groups of 64 rows, so that
//! narrow layers fill the lanes too.

use super::CHUNK_ROWS;
use super::level::Level;
use super::rows::PackedRows;

/// Eight 64×64 matrices side by side: [row of the matrix, matrix].
#[repr(C, align(64))]
#[derive(Clone)]
pub(super) struct Block(pub(super) [[u64; 8]; 64]);

/// The bits that stay in a row when halves of 2^(5 − i) columns are exchanged.
pub(super) const STAY: [u64; 6] = [
    0x0000_0000_ffff_ffff,
    0x0000_ffff_0000_ffff,
    0x00ff_00ff_00ff_00ff,
    0x0f0f_0f0f_0f0f_0f0f,
    0x3333_3333_3333_3333,
    0x5555_5555_5555_5555,
];

/// Hands over every unit's words, chunk by chunk: `emit(unit, chunk, words)`. Rows beyond `order` are zero.
pub(super) fn chunks(level: Level, rows: &PackedRows, order: &[u32], emit: impl FnMut(usize, usize, [u64; 8])) {
    match level.or_available() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `or_available` gives these levels only where their features were detected.
        Level::Avx512 => unsafe { chunks_avx512(rows, order, emit) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::Avx2 => unsafe { chunks_avx2(rows, order, emit) },
        _ => gather_lanes(rows, order, emit, transpose),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn chunks_avx512(rows: &PackedRows, order: &[u32], emit: impl FnMut(usize, usize, [u64; 8])) {
    gather_lanes(rows, order, emit, |block| super::avx512::transpose(block));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn chunks_avx2(rows: &PackedRows, order: &[u32], emit: impl FnMut(usize, usize, [u64; 8])) {
    gather_lanes(rows, order, emit, |block| transpose_avx2(block));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn transpose_avx2(block: &mut Block) {
    transpose(block);
}

/// As many groups of units as a row has.
#[inline(always)]
fn gather_lanes(
    rows: &PackedRows,
    order: &[u32],
    emit: impl FnMut(usize, usize, [u64; 8]),
    transpose: impl Fn(&mut Block),
) {
    match rows.stride() {
        0 => {}
        1..=8 => gather::<1>(rows, order, emit, transpose),
        9..=16 => gather::<2>(rows, order, emit, transpose),
        17..=32 => gather::<4>(rows, order, emit, transpose),
        _ => gather::<8>(rows, order, emit, transpose),
    }
}

#[inline(always)]
fn gather<const L: usize>(
    rows: &PackedRows,
    order: &[u32],
    mut emit: impl FnMut(usize, usize, [u64; 8]),
    transpose: impl Fn(&mut Block),
) {
    let groups = 8 / L;
    let mut blocks = vec![Block([[0; 8]; 64]); L];
    for (chunk, order) in order.chunks(CHUNK_ROWS).enumerate() {
        for first_byte in (0..rows.stride()).step_by(8 * L) {
            for (place, block) in blocks.iter_mut().enumerate() {
                for group in 0..groups {
                    let order = order.get((place * groups + group) * 64..).unwrap_or(&[]);
                    load::<L>(rows, order, first_byte, group * L, block);
                }
                transpose(block);
            }
            let units = rows.units() - first_byte * 8;
            for row in 0..64 {
                for lane in (0..L).take_while(|lane| lane * 64 + row < units) {
                    let word = |word: usize| blocks[word / groups].0[row][word % groups * L + lane];
                    emit(first_byte * 8 + lane * 64 + row, chunk, std::array::from_fn(word));
                }
            }
        }
    }
}

/// The first 64 rows of `order`, bytes `first_byte..first_byte + 8·L`, into the matrices from `lane` on; what lies
/// beyond a row's end is anything.
#[inline(always)]
fn load<const L: usize>(rows: &PackedRows, order: &[u32], first_byte: usize, lane: usize, block: &mut Block) {
    let (bytes, stride) = (rows.as_bytes(), rows.stride());
    block.0[order.len().min(64)..].iter_mut().for_each(|words| words[lane..][..L].fill(0));
    for (words, &row) in block.0.iter_mut().zip(order) {
        assert!((row as usize) < rows.rows(), "row {row} of {}", rows.rows());
        let from = row as usize * stride + first_byte;
        if let Some(whole) = bytes.get(from..from + 8 * L) {
            words_from_bytes::<L>(whole, &mut words[lane..]);
        } else {
            let mut padded = [0_u8; 64];
            padded[..bytes.len() - from].copy_from_slice(&bytes[from..]);
            words_from_bytes::<L>(&padded, &mut words[lane..]);
        }
    }
}

#[inline(always)]
fn words_from_bytes<const L: usize>(bytes: &[u8], words: &mut [u64]) {
    let bytes = bytes.as_chunks::<8>().0;
    for lane in 0..L {
        words[lane] = u64::from_le_bytes(bytes[lane]);
    }
}

#[inline(always)]
fn transpose(block: &mut Block) {
    for first in 0..8 {
        exchange::<8>(&mut block.0, first, [STAY[0], STAY[1], STAY[2]]);
    }
    for first in (0..64).step_by(8) {
        exchange::<1>(&mut block.0, first, [STAY[3], STAY[4], STAY[5]]);
    }
}

/// Three values of j on the eight rows `first`, `first + STEP` …: 4·STEP, 2·STEP and STEP.
#[inline(always)]
fn exchange<const STEP: usize>(block: &mut [[u64; 8]; 64], first: usize, stay: [u64; 3]) {
    let mut rows: [[u64; 8]; 8] = std::array::from_fn(|i| block[first + i * STEP]);
    for (stay, distance) in stay.into_iter().zip([4, 2, 1]) {
        for low in (0..8).filter(|row| row & distance == 0) {
            for lane in 0..8 {
                let (a, b) = (rows[low][lane], rows[low + distance][lane]);
                let moved = (a >> (distance * STEP) ^ b) & stay;
                rows[low][lane] = a ^ moved << (distance * STEP);
                rows[low + distance][lane] = b ^ moved;
            }
        }
    }
    rows.into_iter().enumerate().for_each(|(i, row)| block[first + i * STEP] = row);
}
