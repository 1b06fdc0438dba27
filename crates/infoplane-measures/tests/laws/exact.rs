//! Laws that hold for every data set, up to rounding.

use infoplane_measures::{ESTIMATORS, Estimate, Samples, cmi, estimator};

use crate::cases::{Case, all};
use crate::data::{ROWS, beside, dependent, orders, select};

fn assert_close(case: &Case, what: &str, a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-10 * (1.0 + a.abs()), "`{}`: {what}: {a} and {b}", case.spec);
}

#[test]
fn information_is_symmetric() {
    for case in all() {
        let Some(tolerance) = case.laws.symmetry else { continue };
        let [x, y, z] = dependent(case.is_real(), 1);
        let (there, back) = (case.mi(&x, &y).nats, case.mi(&y, &x).nats);
        assert!((there - back).abs() <= tolerance + 1e-10, "`{}`: I(X;Y): {there} and {back}", case.spec);
        let there = case.cmi(&[x.clone(), y.clone(), z.clone()]);
        let back = case.cmi(&[y, x, z]);
        assert!((there.nats - back.nats).abs() <= tolerance + 1e-10, "`{}`: I(X;Y|Z)", case.spec);
        assert_eq!((there.dof, there.n), (back.dof, back.n), "`{}`", case.spec);
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let order = &orders(ROWS, 1)[0];
    for case in all() {
        let triple = dependent(case.is_real(), 2);
        let shuffled = triple.each_ref().map(|samples| select(samples, order));
        let (straight, shuffled) = (case.cmi(&triple), case.cmi(&shuffled));
        assert_close(&case, "rows in another order", straight.nats, shuffled.nats);
        if let (Some(straight), Some(shuffled)) = (straight.local, shuffled.local) {
            order.iter().zip(shuffled).for_each(|(&row, local)| {
                assert_close(&case, "a local term in another order", straight[row as usize], local);
            });
        }
    }
}

#[test]
fn local_terms_average_to_the_value() {
    for case in all() {
        let triple = dependent(case.is_real(), 3);
        let [x, y, _] = &triple;
        let mut estimates = vec![case.mi(x, y), case.cmi(&triple)];
        estimates.extend(case.chosen.entropy().ok().map(|estimator| estimator.entropy(x).unwrap()));
        for Estimate { nats, n, local, .. } in estimates {
            assert_eq!(n, ROWS, "`{}`", case.spec);
            let Some(local) = local else { continue };
            assert_eq!(local.len(), ROWS, "`{}`", case.spec);
            assert_close(&case, "mean of the local terms", local.iter().sum::<f64>() / ROWS as f64, nats);
        }
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    for case in all() {
        let triple = dependent(case.is_real(), 4);
        let again = estimator(&case.chosen.canonical).unwrap();
        let [x, y, z] = &triple;
        assert_eq!(again.canonical, case.chosen.canonical);
        assert_eq!(case.cmi(&triple), cmi(again.information(), x, y, z).unwrap(), "`{}`", case.spec);
        // rounded data, so that noise against ties has something to do
        let rounded = triple.each_ref().map(|samples| rounded(samples));
        assert_eq!(case.cmi(&rounded), case.cmi(&rounded), "`{}`", case.spec);
    }
}

fn rounded(samples: &Samples) -> Samples<'static> {
    if samples.is_symbols() {
        return samples.clone().into_owned();
    }
    let values: Vec<f64> = samples.columns()[0].iter().map(|value| (value * 10.0).round() / 10.0).collect();
    Samples::real(&values, 1).unwrap().into_owned()
}

#[test]
fn prepared_answers_equal_fresh_ones() {
    let orders = orders(ROWS, 3);
    for case in all() {
        let [x, y, z] = dependent(case.is_real(), 5);
        let moved: Vec<Samples> = orders.iter().map(|order| select(&x, order)).collect();
        let fresh: Vec<Estimate> = moved.iter().map(|x| case.cmi(&[x.clone(), y.clone(), z.clone()])).collect();
        let prepared = case.information().prepare(&y, &z).unwrap();
        for (found, fresh) in prepared.several(&moved).unwrap().iter().zip(&fresh) {
            assert_close(&case, "several", found.nats, fresh.nats);
        }
        for (found, fresh) in prepared.reordered(&x, &orders).unwrap().into_iter().zip(&fresh) {
            assert_close(&case, "reordered", found, fresh.nats);
        }
        for (x, fresh) in moved.iter().zip(&fresh) {
            assert_close(&case, "one by one", prepared.cmi(x).unwrap().nats, fresh.nats);
        }
    }
}

#[test]
fn rows_seen_twice_change_nothing_where_the_entry_says_so() {
    let twice: Vec<u32> = (0..ROWS as u32).chain(0..ROWS as u32).collect();
    for case in all() {
        let triple = dependent(case.is_real(), 6);
        let doubled = triple.each_ref().map(|samples| select(samples, &twice));
        if case.laws.duplicates {
            assert_close(&case, "every row twice", case.cmi(&triple).nats, case.cmi(&doubled).nats);
        }
    }
}

#[test]
fn the_scale_of_a_variable_matters_only_where_the_entry_says_so() {
    for case in all() {
        let triple = dependent(case.is_real(), 7);
        if triple[0].is_symbols() {
            assert!(!case.chosen.registered.scaled, "`{}`: symbols have no scale", case.spec);
            continue;
        }
        let values: Vec<f64> = triple[0].columns()[0].iter().map(|value| 8.0 * value - 3.0).collect();
        let x = Samples::real(&values, 1).unwrap();
        let [_, y, z] = &triple;
        let (plain, scaled) = (case.cmi(&triple).nats, cmi(case.information(), &x, y, z).unwrap().nats);
        let moved = (plain - scaled).abs() > 1e-6;
        // a form of an estimator may do without what its usual form needs
        let said = case.chosen.registered.scaled;
        assert!(said || !moved, "`{}` depends on the scale of x: {plain} and {scaled}", case.spec);
        assert!(!said || moved || case.spec != case.chosen.registered.entry.name, "`{}` does not", case.spec);
    }
}

#[test]
fn a_copy_beside_itself_tells_nothing_more() {
    // I(X; Y | Y) = 0 for symbols, whatever the estimator adds for its bias
    for case in all().into_iter().filter(|case| !case.is_real() && case.laws.independence.is_some()) {
        let [x, y, _] = dependent(false, 8);
        let left = case.cmi(&[x.clone(), y.clone(), y.clone()]).nats;
        assert!(left.abs() < 0.02, "`{}`: {left}", case.spec);
        assert!(case.mi(&beside(&x, &y), &y).nats > case.mi(&x, &y).nats, "`{}`", case.spec);
    }
}

#[test]
fn unknown_names_and_parameters_are_refused() {
    assert!(estimator("no-such-estimator").err().unwrap().to_string().contains("no-such-estimator"));
    for registered in ESTIMATORS {
        let refused = estimator(&format!("{}:nonsense=1", registered.entry.name)).err().unwrap();
        assert!(refused.to_string().contains("nonsense"), "{refused}");
        for parameter in registered.entry.parameters {
            let spec = format!("{}:{}=¿", registered.entry.name, parameter.key);
            let refused = estimator(&spec).err().unwrap_or_else(|| panic!("`{spec}` was taken"));
            assert!(refused.to_string().contains(parameter.key), "`{spec}`: {refused}");
        }
    }
}
