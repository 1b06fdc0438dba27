//! Labels at the ends of lines that never cover each other.

use crate::scene::{Area, Point};

/// Places along a line, in the order wanted, at least `gap` apart, within `lo..=hi`, moved as little as possible.
///
/// Neighbours that would touch are pooled and share the mean of their displacements, until no two pools touch.
pub(crate) fn spread(wanted: &[f64], gap: f64, lo: f64, hi: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let gap = gap.min((hi - lo) / wanted.len().saturating_sub(1).max(1) as f64);
    let highest = hi - gap * wanted.len().saturating_sub(1) as f64;
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, i) in order.iter().enumerate() {
        // in coordinates that move up by one gap a rank, "at least a gap apart" reads "not decreasing"
        let mut pool = (wanted[*i] - gap * rank as f64, 1);
        while let Some(&(start, size)) = pools.last().filter(|last| last.0 > pool.0) {
            pools.pop();
            pool = ((start * size as f64 + pool.0 * pool.1 as f64) / (size + pool.1) as f64, size + pool.1);
        }
        pools.push(pool);
    }
    let starts = pools.iter().flat_map(|(start, size)| std::iter::repeat_n(*start, *size));
    let mut placed = vec![0.0; wanted.len()];
    for (rank, (i, start)) in order.iter().zip(starts).enumerate() {
        placed[*i] = start.clamp(lo, highest.max(lo)) + gap * rank as f64;
    }
    placed
}

/// Areas of the given sizes beside their points, not over each other, as far as possible not over `obstacles`, within
/// `bounds`: the cheapest of the places around each point, near ones first.
pub(crate) fn beside(points: &[Point], sizes: &[(f64, f64)], obstacles: &[Point], bounds: Area) -> Vec<Area> {
    let mut placed: Vec<Area> = Vec::new();
    for (point, size) in points.iter().zip(sizes) {
        let free = candidates(*point, *size).filter(|(_, area)| inside(area, &bounds));
        let cost = |(distance, area): &(f64, Area)| {
            let covered = obstacles.iter().filter(|p| area.holds(**p)).count() as f64;
            let over = placed.iter().filter(|other| area.overlaps(other)).count() as f64;
            distance + 25.0 * covered + 1e6 * over
        };
        let best = free.min_by(|a, b| cost(a).total_cmp(&cost(b)));
        placed.push(best.map_or(Area { x: point.0, y: point.1, w: size.0, h: size.1 }, |(_, area)| area));
    }
    placed
}

/// Places around a point on growing rings, with their distance and a little for an awkward side.
fn candidates((x, y): Point, (w, h): (f64, f64)) -> impl Iterator<Item = (f64, Area)> {
    (0..14_u32).flat_map(move |ring| {
        (0..16_u32).map(move |turn| {
            let distance = 7.0 + 8.0 * f64::from(ring);
            let (sin, cos) = (f64::from(turn) * std::f64::consts::TAU / 16.0).sin_cos();
            // the nearest point of the area lies on the ring
            let centre = (x + cos * (distance + w / 2.0), y + sin * (distance + h / 2.0));
            // above is read most easily, then right
            (
                distance + 2.0 * (1.0 + sin) + 0.5 * (1.0 - cos),
                Area { x: centre.0 - w / 2.0, y: centre.1 - h / 2.0, w, h },
            )
        })
    })
}

fn inside(area: &Area, bounds: &Area) -> bool {
    bounds.holds((area.x, area.y)) && bounds.holds((area.right(), area.bottom()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_order_and_distance_and_stay_inside() {
        let wanted = [50.0, 51.0, 52.0, 10.0, 99.0, 100.0];
        let placed = spread(&wanted, 12.0, 0.0, 100.0);
        let mut sorted = placed.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|w| w[1] - w[0] >= 12.0 - 1e-9), "{placed:?}");
        assert!(sorted[0] >= 0.0 && sorted[5] <= 100.0 + 1e-9, "{placed:?}");
        assert_eq!(placed[3], 10.0, "what has room does not move");
        assert!(placed[0] < placed[1] && placed[1] < placed[2]);
    }

    #[test]
    fn too_many_labels_share_what_room_there_is() {
        let placed = spread(&[5.0; 11], 12.0, 0.0, 100.0);
        assert!((placed[10] - 100.0).abs() < 1e-9 && placed[0].abs() < 1e-9, "{placed:?}");
        assert!(spread(&[], 12.0, 0.0, 100.0).is_empty());
    }

    #[test]
    fn areas_beside_one_point_do_not_overlap() {
        let bounds = Area { x: 0.0, y: 0.0, w: 200.0, h: 120.0 };
        let points = [(190.0, 5.0); 6];
        let placed = beside(&points, &[(30.0, 12.0); 6], &points, bounds);
        for (i, a) in placed.iter().enumerate() {
            assert!(inside(a, &bounds) && placed[..i].iter().all(|b| !a.overlaps(b)), "{placed:?}");
        }
    }
}
