//! Data whose information is known: for estimators of real values and of symbols alike.

use infoplane_measures::Samples;
use infoplane_spec::stream;

use crate::noise::Noise;

/// Rows of every data set.
pub(crate) const ROWS: usize = 500;

/// X, Y and Z, whatever they are.
pub(crate) type Triple = [Samples<'static>; 3];

/// Columns of real values from rows.
pub(crate) fn real<const D: usize>(mut row: impl FnMut() -> [f64; D]) -> [Samples<'static>; D] {
    let rows: Vec<[f64; D]> = (0..ROWS).map(|_| row()).collect();
    std::array::from_fn(|column| {
        let values: Vec<f64> = rows.iter().map(|row| row[column]).collect();
        Samples::real(&values, 1).unwrap().into_owned()
    })
}

/// Columns of symbols from rows.
pub(crate) fn symbols<const D: usize>(mut row: impl FnMut() -> [u32; D]) -> [Samples<'static>; D] {
    let rows: Vec<[u32; D]> = (0..ROWS).map(|_| row()).collect();
    std::array::from_fn(|column| {
        let values: Vec<u32> = rows.iter().map(|row| row[column]).collect();
        Samples::symbols(&values, 1).unwrap().into_owned()
    })
}

/// Independent variables.
pub(crate) fn independent(is_real: bool, seed: u64) -> Triple {
    let mut noise = Noise::new("laws/independent", seed);
    match is_real {
        true => real(|| [noise.gauss(), noise.gauss(), noise.gauss()]),
        false => symbols(|| [noise.symbol(3), noise.symbol(2), noise.symbol(2)]),
    }
}

/// X and Y whose correlation given Z is 0.6; not given Z it is hidden by what Z adds to one and takes from the other.
pub(crate) fn gaussian(seed: u64) -> Triple {
    let mut noise = Noise::new("laws/gaussian", seed);
    real(|| {
        let (x, e, z) = (noise.gauss(), noise.gauss(), noise.gauss());
        let y = 0.6 * x + 0.8 * e;
        [x + 0.7 * z, y - 0.7 * z, z]
    })
}

/// X and Y with correlation 0.6.
pub(crate) fn pair(seed: u64) -> [Samples<'static>; 2] {
    let mut noise = Noise::new("laws/pair", seed);
    real(|| {
        let (x, e) = (noise.gauss(), noise.gauss());
        [x, 0.6 * x + 0.8 * e]
    })
}

/// A fair bit and what a channel makes of it that flips one in ten; Z is a coin that tells nothing.
pub(crate) fn channel(seed: u64) -> Triple {
    let mut noise = Noise::new("laws/channel", seed);
    symbols(|| {
        let x = noise.symbol(2);
        [x, x ^ u32::from(noise.symbol(10) == 0), noise.symbol(2)]
    })
}

/// Y = X ⊕ Z, but for one in ten; as real values three pairs of well separated clusters.
pub(crate) fn xor(is_real: bool, seed: u64) -> Triple {
    let mut noise = Noise::new("laws/xor", seed);
    let mut row = move || {
        let (x, z, flip) = (noise.symbol(2), noise.symbol(2), u32::from(noise.symbol(10) == 0));
        ([x, x ^ z ^ flip, z], [noise.gauss(), noise.gauss(), noise.gauss()])
    };
    match is_real {
        false => symbols(|| row().0),
        true => real(|| {
            let (bits, spread) = row();
            std::array::from_fn(|i| 2.0 * f64::from(bits[i]) - 1.0 + 0.1 * spread[i])
        }),
    }
}

/// Three variables that all depend on each other, without ties where they are real.
pub(crate) fn dependent(is_real: bool, seed: u64) -> Triple {
    let mut noise = Noise::new("laws/dependent", seed);
    match is_real {
        true => real(|| {
            let (x, z, e) = (noise.gauss(), noise.gauss(), noise.gauss());
            let x = x + 0.5 * z;
            [x, 0.6 * x + 0.4 * z + 0.7 * e, z]
        }),
        false => symbols(|| {
            let (x, z, lost) = (noise.symbol(3), noise.symbol(2), noise.symbol(4) == 0);
            [x, if lost { 0 } else { (x + z) % 4 }, z]
        }),
    }
}

/// A variable whose entropy is known: two standard normal columns, or symbols with probabilities ½, ¼, ⅛, ⅛.
pub(crate) fn known_entropy(is_real: bool, seed: u64) -> (Samples<'static>, f64) {
    let mut noise = Noise::new("laws/entropy", seed);
    if is_real {
        let [a, b] = real(|| [noise.gauss(), noise.gauss()]);
        (beside(&a, &b), (std::f64::consts::TAU * std::f64::consts::E).ln())
    } else {
        let [x] = symbols(|| [[0, 0, 0, 0, 1, 1, 2, 3][noise.symbol(8) as usize]]);
        (x, 1.75 * std::f64::consts::LN_2)
    }
}

/// Both variables as one.
pub(crate) fn beside(a: &Samples, b: &Samples) -> Samples<'static> {
    let columns = [a.columns(), b.columns()].concat();
    let rows = (0..a.rows()).flat_map(|row| columns.iter().map(move |column| column[row]));
    if a.is_symbols() {
        let values: Vec<u32> = rows.map(|value| value as u32).collect();
        Samples::symbols(&values, columns.len()).unwrap().into_owned()
    } else {
        let values: Vec<f64> = rows.collect();
        Samples::real(&values, columns.len()).unwrap().into_owned()
    }
}

/// The rows in another order, which is part of the answer.
pub(crate) fn orders(rows: usize, count: u64) -> Vec<Vec<u32>> {
    let order = |index| {
        let mut order: Vec<u32> = (0..rows as u32).collect();
        infoplane_spec::shuffle(&mut stream(1, "laws/order", index), &mut order);
        order
    };
    (0..count).map(order).collect()
}

pub(crate) fn select(samples: &Samples, order: &[u32]) -> Samples<'static> {
    samples.select(order.iter().map(|&row| row as usize))
}
