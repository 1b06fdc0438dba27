use super::*;

#[test]
fn the_spec_reads_back() {
    let ksg = crate::estimator("ksg:3").unwrap();
    assert_eq!(ksg.canonical, "ksg:k=3,alg=1,ties=noise,theiler=0,seed=0");
    for wrong in ["ksg:0", "ksg:k=4,alg=3", "ksg:ties=jitter", "ksg:theiler=-1", "ksg:neighbours=4"] {
        assert!(crate::estimator(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn bad_input_is_refused_by_name() {
    let (x, y) = ([0.5, 1.0, 2.5, 4.0, 4.5], [1.0, 0.0, 3.0, 9.0, 5.0]);
    let (x, y, none) = (Samples::real(&x, 1).unwrap(), Samples::real(&y, 1).unwrap(), Samples::empty(5));
    let constant = Samples::real(&[2.0; 5], 1).unwrap();
    let ksg = Ksg { neighbours: 2, ..Ksg::default() };
    assert_eq!(ksg.cmi(&constant, &y, &none), Err(Error::Constant { argument: "x", column: 0 }));
    assert_eq!(ksg.cmi(&x, &y, &constant), Err(Error::Constant { argument: "z", column: 0 }));
    assert_eq!(ksg.cmi(&none, &y, &none), Err(Error::NoColumns { argument: "x" }));
    assert_eq!(ksg.cmi(&x, &none, &none), Err(Error::NoColumns { argument: "y" }));
    let symbols = Samples::symbols(&[0, 1, 2, 3, 4], 1).unwrap();
    assert!(matches!(ksg.cmi(&x, &symbols, &none), Err(Error::Kind { argument: "y", .. })));
    let short = Samples::real(&[0.0, 1.0], 1).unwrap();
    assert!(matches!(ksg.cmi(&short, &y, &none), Err(Error::Lengths { argument: "x", got: 2, .. })));
    assert!(matches!(ksg.cmi(&x, &y, &short), Err(Error::Lengths { argument: "z", got: 2, .. })));
    let five = Ksg { neighbours: 5, ..ksg };
    assert_eq!(five.cmi(&x, &y, &none), Err(Error::Neighbours { k: 5, n: 5 }));
    // the middle row sees the two ends alone
    let window = Ksg { theiler: 1, ..ksg };
    assert!(window.cmi(&x, &y, &none).is_ok());
    assert_eq!(Ksg { neighbours: 3, ..window }.cmi(&x, &y, &none), Err(Error::Neighbours { k: 3, n: 3 }));
}

#[test]
fn ties_are_told_apart_kept_or_refused() {
    let (x, y) = ([0.0, 1.0, 2.0, 2.0, 4.0, 5.0], [1.0, 0.0, 3.0, 9.0, 5.0, 7.0]);
    let (x, y, none) = (Samples::real(&x, 1).unwrap(), Samples::real(&y, 1).unwrap(), Samples::empty(6));
    let with = |ties| Ksg { neighbours: 2, ties, ..Ksg::default() };
    let broken = with(Ties::Noise).cmi(&x, &y, &none).unwrap();
    assert_eq!(broken.ties, Some(1.0 / 3.0));
    assert_eq!(broken.notes, [crate::Note::TiesBroken { share: 1.0 / 3.0 }]);
    let kept = with(Ties::Keep).cmi(&x, &y, &none).unwrap();
    assert_eq!(kept.notes, [crate::Note::TiesKept { share: 1.0 / 3.0 }]);
    let refused = with(Ties::Error).cmi(&x, &y, &none).unwrap_err();
    assert_eq!(refused, Error::Ties { argument: "x", column: 0, share: 1.0 / 3.0 });
    assert_eq!(with(Ties::Noise).cmi(&y, &y, &none).unwrap().ties, Some(0.0));
}

#[test]
fn local_terms_average_to_the_value() {
    let x: Vec<f64> = (0..200_u32).map(|t| f64::from(t.wrapping_mul(2654435761) >> 8)).collect();
    let y: Vec<f64> = x.iter().enumerate().map(|(t, x)| x + 3e6 * (t as f64).sin()).collect();
    let (x, y) = (Samples::real(&x, 1).unwrap(), Samples::real(&y, 1).unwrap());
    for algorithm in [Algorithm::One, Algorithm::Two] {
        let found = Ksg { algorithm, theiler: 2, ..Ksg::default() }.cmi(&x, &y, &Samples::empty(200)).unwrap();
        let mean = found.local.unwrap().iter().sum::<f64>() / 200.0;
        assert!((mean - found.nats).abs() < 1e-13);
    }
}

#[test]
fn other_orders_equal_fresh_estimates() {
    let mut state = 1_u32;
    let mut number = || {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        f64::from(state >> 8)
    };
    let columns: [Vec<f64>; 3] = std::array::from_fn(|_| (0..120).map(|_| number()).collect());
    let [x, y, z] = columns.each_ref().map(|column| Samples::real(column, 1).unwrap());
    let wide = Samples::real(&columns[0], 2).unwrap();
    let order: Vec<u32> = (0..120).map(|row| row * 7 % 120).collect();
    let again: Vec<u32> = (0..120).map(|row| row / 2).collect(); // repeats rows
    let ksg = Ksg { ties: Ties::Keep, ..Ksg::default() };
    let none = Samples::empty(120);
    for z in [&z, &none] {
        let prepared = ksg.prepare(&y, z).unwrap();
        let values = prepared.reordered(&x, &[order.clone(), again.clone()]).unwrap();
        for (order, value) in [&order, &again].into_iter().zip(values) {
            let moved = x.select(order.iter().map(|&row| row as usize));
            // with orders that repeat rows too
            assert_eq!(prepared.cmi(&moved).unwrap().nats, value);
        }
    }
    let (half, none) = (y.select(0..60), Samples::empty(60));
    let prepared = ksg.prepare(&half, &none).unwrap();
    let order: Vec<u32> = (0..60).rev().collect();
    let moved = wide.select(order.iter().map(|&row| row as usize));
    let value = prepared.reordered(&wide, &[order]).unwrap()[0];
    assert_eq!(prepared.cmi(&moved).unwrap().nats, value);
}
