//! Rows of bits into series: gather rows in any order, transpose blocks of 64 rows by up to 512 units.
//!
//! A 64×64 bit matrix is transposed by exchanging, for j = 32, 16, 8, 4, 2, 1, the bits c with c & j set of row r with
//! the bits c − j of row r + j (r & j clear): Warren, Hacker's Delight, 2nd ed. (2012), section 7-3. Here L matrices lie
//! side by side, one a lane, and three values of j are done at a time on eight registers.

use super::CHUNK_ROWS;
use super::level::Level;
use super::rows::PackedRows;

/// 64 rows by L·64 units.
#[repr(C, align(64))]
#[derive(Clone)]
pub(super) struct Block<const L: usize>(pub(super) [[u64; L]; 64]);

impl<const L: usize> Block<L> {
    const ZERO: Self = Self([[0; L]; 64]);
}

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
        _ => gather_lanes(rows, order, emit, transpose::<8>),
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
    gather_lanes(rows, order, emit, transpose::<8>);
}

/// As many lanes as a row needs.
#[inline(always)]
fn gather_lanes(
    rows: &PackedRows,
    order: &[u32],
    emit: impl FnMut(usize, usize, [u64; 8]),
    transpose_eight: impl Fn(&mut Block<8>),
) {
    match rows.stride() {
        0 => {}
        1..=8 => gather(rows, order, emit, transpose::<1>),
        9..=16 => gather(rows, order, emit, transpose::<2>),
        17..=32 => gather(rows, order, emit, transpose::<4>),
        _ => gather(rows, order, emit, transpose_eight),
    }
}

#[inline(always)]
fn gather<const L: usize>(
    rows: &PackedRows,
    order: &[u32],
    mut emit: impl FnMut(usize, usize, [u64; 8]),
    transpose: impl Fn(&mut Block<L>),
) {
    let mut block = Box::new(Block::<L>::ZERO);
    let mut eight: Box<[Block<L>; 8]> = Box::new(std::array::from_fn(|_| Block::ZERO));
    for (chunk, order) in order.chunks(CHUNK_ROWS).enumerate() {
        for first_byte in (0..rows.stride()).step_by(8 * L) {
            for word in 0..8 {
                load(rows, order.get(word * 64..).unwrap_or(&[]), first_byte, &mut block.0);
                transpose(&mut block);
                eight[word] = (*block).clone();
            }
            let units = rows.units() - first_byte * 8;
            for row in 0..64 {
                for lane in (0..L).take_while(|lane| lane * 64 + row < units) {
                    let unit = first_byte * 8 + lane * 64 + row;
                    emit(unit, chunk, std::array::from_fn(|word| eight[word].0[row][lane]));
                }
            }
        }
    }
}

/// The first 64 rows of `order`, bytes `first_byte..first_byte + 8·L`; what lies beyond the row's end is anything.
#[inline(always)]
fn load<const L: usize>(rows: &PackedRows, order: &[u32], first_byte: usize, block: &mut [[u64; L]; 64]) {
    let (bytes, stride) = (rows.as_bytes(), rows.stride());
    block[order.len().min(64)..].fill([0; L]);
    for (words, &row) in block.iter_mut().zip(order) {
        assert!((row as usize) < rows.rows(), "row {row} of {}", rows.rows());
        let from = row as usize * stride + first_byte;
        match bytes.get(from..from + 8 * L) {
            Some(whole) => words_from_bytes(whole, words),
            None => {
                let mut padded = [0_u8; 64];
                padded[..bytes.len() - from].copy_from_slice(&bytes[from..]);
                words_from_bytes(&padded, words);
            }
        }
    }
}

#[inline(always)]
fn words_from_bytes<const L: usize>(bytes: &[u8], words: &mut [u64; L]) {
    let bytes = bytes.as_chunks::<8>().0;
    for lane in 0..L {
        words[lane] = u64::from_le_bytes(bytes[lane]);
    }
}

#[inline(always)]
fn transpose<const L: usize>(block: &mut Block<L>) {
    for first in 0..8 {
        exchange::<L, 8>(&mut block.0, first, [STAY[0], STAY[1], STAY[2]]);
    }
    for first in (0..64).step_by(8) {
        exchange::<L, 1>(&mut block.0, first, [STAY[3], STAY[4], STAY[5]]);
    }
}

/// Three levels on the eight rows `first`, `first + STEP` …: distances 4·STEP, 2·STEP and STEP.
#[inline(always)]
fn exchange<const L: usize, const STEP: usize>(block: &mut [[u64; L]; 64], first: usize, stay: [u64; 3]) {
    let mut rows: [[u64; L]; 8] = std::array::from_fn(|i| block[first + i * STEP]);
    for (stay, distance) in stay.into_iter().zip([4, 2, 1]) {
        for low in (0..8).filter(|row| row & distance == 0) {
            for lane in 0..L {
                let (a, b) = (rows[low][lane], rows[low + distance][lane]);
                let moved = (a >> (distance * STEP) ^ b) & stay;
                rows[low][lane] = a ^ moved << (distance * STEP);
                rows[low + distance][lane] = b ^ moved;
            }
        }
    }
    rows.into_iter().enumerate().for_each(|(i, row)| block[first + i * STEP] = row);
}
