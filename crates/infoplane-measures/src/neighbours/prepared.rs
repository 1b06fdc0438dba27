//! The KSG question with y and z fixed: what belongs to them is put in order once, for any x.

use super::ksg::reach;
use super::tiles::{Asked, Ordered};
use super::{Algorithm, Exclusion, KsgCounts, KsgQuestion, Space, Tiles};

/// (y, z) in order, to be asked about one x after another.
///
/// ```
/// use infoplane_measures::neighbours::{Algorithm, Exclusion, KsgPrepared};
///
/// let (x, y) = (vec![vec![0.0, 1.0, 3.0, 7.0]], vec![vec![0.0, 2.0, 1.0, 4.0]]);
/// let prepared = KsgPrepared::new(&y, &[], 1, Algorithm::One, Exclusion::default());
/// let counts = prepared.counts(&x);
/// assert_eq!(counts.radius, [2.0, 2.0, 2.0, 4.0]);
/// assert_eq!((counts.xz, counts.yz, counts.z), (vec![1, 1, 0, 0], vec![1, 1, 2, 2], vec![3; 4]));
/// ```
#[derive(Debug)]
pub struct KsgPrepared<'a> {
    tiles: Tiles,
    y: &'a [Vec<f64>],
    z: &'a [Vec<f64>],
    neighbours: usize,
    algorithm: Algorithm,
    exclusion: Exclusion<'a>,
    yz: Ordered<'a>,
    /// z alone, if there is one.
    condition: Option<Ordered<'a>>,
}

impl<'a> KsgPrepared<'a> {
    /// Columns of y and z (z may have none), K, and the other parameters of [`KsgQuestion`].
    ///
    /// # Panics
    /// If y has no column or columns differ in length.
    pub fn new(
        y: &'a [Vec<f64>],
        z: &'a [Vec<f64>],
        neighbours: usize,
        algorithm: Algorithm,
        exclusion: Exclusion<'a>,
    ) -> Self {
        Self::by(Tiles::default(), &KsgQuestion { x: &[], y, z, neighbours, algorithm, exclusion })
    }

    /// As [`KsgPrepared::new`], at a level of instructions.
    pub(super) fn by(tiles: Tiles, question: &KsgQuestion<'a>) -> Self {
        let KsgQuestion { y, z, neighbours, algorithm, exclusion, .. } = *question;
        let yz = tiles.ordered(Space::of_blocks(&[y, z]));
        let condition = (!z.is_empty()).then(|| tiles.ordered(Space::of_blocks(&[z])));
        Self { tiles, y, z, neighbours, algorithm, exclusion, yz, condition }
    }

    /// Counts and radii for this x.
    ///
    /// # Panics
    /// If x has no column or its columns differ in length from those of y, or K is 0.
    pub fn counts(&self, x: &[Vec<f64>]) -> KsgCounts {
        let variables = [x, self.y, self.z];
        let (joint, two) = (Space::of_blocks(&variables), self.algorithm == Algorithm::Two);
        let (radius, nearest) = self.tiles.kth_and_nearest(&joint, self.neighbours, &self.exclusion, two);
        let radii = two.then(|| variables.map(|columns| reach(columns, &nearest, self.neighbours, radius.len())));
        let [rx, ry, rz] = radii.as_ref().map_or([&radius; 3], |[x, y, z]| [x, y, z]);
        let xz = self.within(&self.tiles.ordered(Space::of_blocks(&[x, self.z])), x.len(), [rx, rz]);
        let yz = self.within(&self.yz, self.y.len(), [ry, rz]);
        let z = match &self.condition {
            Some(z) => self.within(z, 0, [rz, rz]),
            None => self.exclusion.others(radius.len()),
        };
        KsgCounts { xz, yz, z, radius }
    }

    /// Rows within the first radius in the first columns, and within the second in those of z.
    fn within(&self, space: &Ordered, first: usize, radii: [&Vec<f64>; 2]) -> Vec<u32> {
        let dim = first + self.z.len();
        let asked: &[Asked] = match self.algorithm {
            Algorithm::One => &[(0..dim, radii[0])],
            Algorithm::Two => &[(0..first, radii[0]), (first..dim, radii[1])],
        };
        let some: Vec<Asked> = asked.iter().filter(|(columns, _)| !columns.is_empty()).cloned().collect();
        space.within(&some, self.algorithm.border(), &self.exclusion)
    }
}

/// Answers fast, for any number of columns; equal to [`ksg_scan`](super::ksg_scan) to the last bit.
///
/// # Panics
/// If x or y has no column, columns differ in length, or K is 0.
pub fn ksg_tiles(question: &KsgQuestion) -> KsgCounts {
    KsgPrepared::by(Tiles::default(), question).counts(question.x)
}
