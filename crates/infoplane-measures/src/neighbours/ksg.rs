//! The question of the Kraskov–Stögbauer–Grassberger estimators: joint radii, and who lies within them in each marginal.

use super::{Border, Exclusion, Neighbours, Scan, Space};

/// Which of the two algorithms of Kraskov et al. (2004), doi:10.1103/PhysRevE.69.066138.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// One radius a row, ε, the distance to the K-th joint neighbour; marginal neighbours lie strictly inside.
    #[default]
    One,
    /// One radius a row and variable, the largest distance in that variable among the K joint neighbours; marginal
    /// neighbours lie within or on the border, in each of their variables.
    Two,
}

/// Three variables, as columns of equal length; z may have none.
#[derive(Debug, Clone, Copy)]
pub struct KsgQuestion<'a> {
    /// Columns of X.
    pub x: &'a [Vec<f64>],
    /// Columns of Y.
    pub y: &'a [Vec<f64>],
    /// Columns of Z, or none.
    pub z: &'a [Vec<f64>],
    /// K, at least 1. Where a row sees fewer rows, its radius is infinite.
    pub neighbours: usize,
    /// One or Two.
    pub algorithm: Algorithm,
    /// Rows that do not see each other.
    pub exclusion: Exclusion<'a>,
}

/// The answers, `[rows]` each; a row itself is never counted.
#[derive(Debug, Clone, PartialEq)]
pub struct KsgCounts {
    /// Rows within the radius in (x, z).
    pub xz: Vec<u32>,
    /// Rows within the radius in (y, z).
    pub yz: Vec<u32>,
    /// Rows within the radius in z: all that a row sees, if z is empty.
    pub z: Vec<u32>,
    /// Distance to the K-th joint neighbour, ε.
    pub radius: Vec<f64>,
}

impl<'a> KsgQuestion<'a> {
    /// Number of observations.
    pub fn rows(&self) -> usize {
        self.x[0].len()
    }

    /// The joint space (x, y, z).
    pub fn joint(&self) -> Space<'a> {
        Space::of_blocks(&[self.x, self.y, self.z])
    }
}

/// Answers by comparing every row with every other: the oracle.
///
/// # Panics
/// If x or y has no column, columns differ in length, or K is 0.
pub fn ksg_scan(question: &KsgQuestion) -> KsgCounts {
    let joint = question.joint();
    let radius = Scan.kth(&joint, question.neighbours, &question.exclusion);
    let radii = match question.algorithm {
        Algorithm::One => [radius.clone(), radius.clone(), radius.clone()],
        Algorithm::Two => {
            let nearest = Scan.nearest(&joint, question.neighbours, &question.exclusion);
            let variables = [question.x, question.y, question.z];
            variables.map(|variable| reach(variable, &nearest, question.neighbours, question.rows()))
        }
    };
    let count = |variables: &[(&[Vec<f64>], &[f64])]| counts(question, variables);
    KsgCounts {
        xz: count(&[(question.x, &radii[0]), (question.z, &radii[2])]),
        yz: count(&[(question.y, &radii[1]), (question.z, &radii[2])]),
        z: count(&[(question.z, &radii[2])]),
        radius,
    }
}

/// The largest distance in one variable among the joint neighbours of each row; infinite where there are too few.
pub(super) fn reach(variable: &[Vec<f64>], nearest: &[u32], neighbours: usize, rows: usize) -> Vec<f64> {
    if variable.is_empty() {
        return vec![0.0; rows];
    }
    let space = Space::of_blocks(&[variable]);
    let distance = |row, other| if other == u32::MAX { f64::INFINITY } else { space.distance(row, other as usize) };
    let rows = nearest.chunks(neighbours).enumerate();
    rows.map(|(row, near)| near.iter().fold(0.0, |most, &other| f64::max(most, distance(row, other)))).collect()
}

/// For each row, the rows within the radius of every variable.
fn counts(question: &KsgQuestion, variables: &[(&[Vec<f64>], &[f64])]) -> Vec<u32> {
    let border = question.algorithm.border();
    let spaces: Vec<(Space, &[f64])> = variables
        .iter()
        .filter(|(columns, _)| !columns.is_empty())
        .map(|(columns, radii)| (Space::of_blocks(&[columns]), *radii))
        .collect();
    let within = |row, other| spaces.iter().all(|(space, radii)| border.holds(space.distance(row, other), radii[row]));
    let seen = |row: usize| (0..question.rows()).filter(move |&other| !question.exclusion.leaves_out(row, other));
    (0..question.rows()).map(|row| seen(row).filter(|&other| within(row, other)).count() as u32).collect()
}

impl Algorithm {
    pub(super) fn border(self) -> Border {
        match self {
            Self::One => Border::Strict,
            Self::Two => Border::Inclusive,
        }
    }
}
