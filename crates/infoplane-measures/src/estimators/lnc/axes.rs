//! How the neighbours of a row fill the box around them, along the columns and along their own principal axes.

/// A side so much shorter than the longest cannot be told from none.
const NOTHING: f64 = 1e-13;

/// The neighbours of one row, relative to it, row-major `[K, d]`.
pub(super) struct Neighbourhood {
    dim: usize,
    places: Vec<f64>,
}

impl Neighbourhood {
    pub(super) fn around(row: usize, near: &[u32], columns: &[Vec<f64>]) -> Self {
        let relative = |&other: &u32| columns.iter().map(move |column| column[other as usize] - column[row]);
        Self { dim: columns.len(), places: near.iter().flat_map(relative).collect() }
    }

    /// From places relative to the row.
    pub(super) fn of(dim: usize, places: Vec<f64>) -> Self {
        Self { dim, places }
    }

    /// Half the side of the box along each column.
    pub(super) fn sides(&self) -> impl Iterator<Item = f64> {
        let along = |column| self.places.iter().skip(column).step_by(self.dim);
        (0..self.dim).map(move |column| along(column).fold(0.0, |most, place| f64::max(most, place.abs())))
    }

    /// ln of the volume of the box along the principal axes, over that of the box along the columns; `None` if the
    /// neighbours lie in a plane, as far as double precision can tell.
    pub(super) fn ln_slab(&self) -> Option<f64> {
        let axes = principal_axes(&self.squares(), self.dim);
        let reach = |axis: &[f64]| {
            let along = |place: &[f64]| place.iter().zip(axis).map(|(p, a)| p * a).sum::<f64>().abs();
            self.places.chunks(self.dim).map(along).fold(0.0, f64::max)
        };
        let turned: Vec<f64> = axes.iter().map(|axis| reach(axis)).collect();
        let most = turned.iter().copied().fold(0.0, f64::max);
        let flat = turned.iter().any(|&side| side <= NOTHING * most);
        (!flat).then(|| turned.iter().zip(self.sides()).map(|(turned, side)| (turned / side).ln()).sum())
    }

    /// Sums of products of the places, `[d, d]`.
    fn squares(&self) -> Vec<f64> {
        let mut squares = vec![0.0; self.dim * self.dim];
        for place in self.places.chunks(self.dim) {
            for (row, a) in squares.chunks_mut(self.dim).zip(place) {
                row.iter_mut().zip(place).for_each(|(sum, b)| *sum += a * b);
            }
        }
        squares
    }
}

/// Orthonormal eigenvectors of a symmetric matrix `[d, d]`, by Jacobi's rotations.
fn principal_axes(matrix: &[f64], dim: usize) -> Vec<Vec<f64>> {
    /// Convergence is quadratic: matrices of this size need five or six.
    const SWEEPS: usize = 30;
    let mut a = matrix.to_vec();
    let mut axes: Vec<Vec<f64>> =
        (0..dim).map(|axis| (0..dim).map(|column| f64::from(u8::from(axis == column))).collect()).collect();
    for _ in 0..SWEEPS {
        let mut turned = false;
        for (p, q) in (0..dim).flat_map(|p| (p + 1..dim).map(move |q| (p, q))) {
            let off = a[p * dim + q];
            if off.abs() <= f64::EPSILON * (a[p * dim + p] * a[q * dim + q]).sqrt() {
                continue;
            }
            turned = true;
            let (sine, cosine) = rotation(a[p * dim + p], a[q * dim + q], off);
            turn(&mut a, dim, (p, q), (sine, cosine));
            let (head, tail) = axes.split_at_mut(q);
            for (x, y) in head[p].iter_mut().zip(&mut tail[0]) {
                (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
            }
        }
        if !turned {
            break;
        }
    }
    axes
}

/// Sine and cosine that make the element off the diagonal 0 (the smaller angle of the two).
fn rotation(pp: f64, qq: f64, pq: f64) -> (f64, f64) {
    let theta = (qq - pp) / (2.0 * pq);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    (tangent * cosine, cosine)
}

/// The matrix seen in axes p and q after the turn.
fn turn(a: &mut [f64], dim: usize, (p, q): (usize, usize), (sine, cosine): (f64, f64)) {
    for i in 0..dim {
        let (x, y) = (a[i * dim + p], a[i * dim + q]);
        (a[i * dim + p], a[i * dim + q]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
    for i in 0..dim {
        let (x, y) = (a[p * dim + i], a[q * dim + i]);
        (a[p * dim + i], a[q * dim + i]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_make_the_matrix_diagonal() {
        let dim = 4;
        let entry = |i: usize, j: usize| (1.0 + (i * j) as f64).sin() + if i == j { 3.0 } else { 0.0 };
        let matrix: Vec<f64> = (0..16).map(|at| entry(at / 4, at % 4)).collect();
        let axes = principal_axes(&matrix, dim);
        let times = |a: &[f64], b: &[f64]| (0..16).map(|at| a[at / 4] * matrix[at] * b[at % 4]).sum::<f64>();
        for (i, a) in axes.iter().enumerate() {
            for (j, b) in axes.iter().enumerate() {
                let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
                assert!(i == j || times(a, b).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn a_slab_at_an_angle_is_measured_along_itself() {
        // along (1, 1) by 2√2, across by 0.01·√2
        let places = vec![2.0, 2.0, -2.0, -2.0, 0.01, -0.01, -0.01, 0.01];
        let slab = Neighbourhood::of(2, places);
        assert_eq!(slab.sides().collect::<Vec<_>>(), [2.0, 2.0]);
        let truth = (2.0_f64.sqrt() * 2.0 * 0.01 * 2.0_f64.sqrt() / 4.0).ln();
        assert!((slab.ln_slab().unwrap() - truth).abs() < 1e-12);
        assert_eq!(Neighbourhood::of(2, vec![1.0, 3.0, -2.0, -6.0]).ln_slab(), None);
    }
}
