//! What every registered estimator must refuse, by which code, and that the message names what is wrong.

use infoplane_measures::{
    Chosen, Embedded, Embedding, Error, Estimate, History, Result, Samples, Takes, ais, cmi, cte, entropy, estimator,
    mi, te,
};
use infoplane_measures::{ESTIMATORS, Information, Null, Registered};
use infoplane_spec::{Coded, below, stream};

/// Every registered estimator, in the forms its entry wants tested.
fn all() -> Vec<Chosen> {
    let specs = ESTIMATORS.iter().flat_map(|registered| match registered.laws.specs {
        [] => vec![registered.entry.name],
        specs => specs.to_vec(),
    });
    specs.map(|spec| estimator(spec).unwrap()).collect()
}

fn is_real(chosen: &Chosen) -> bool {
    chosen.registered.takes != Takes::Symbols
}

/// A series of a kind that the estimator takes.
fn series(chosen: &Chosen, rows: usize, index: u64) -> Samples<'static> {
    let mut rng = stream(1, "refusals", index);
    if is_real(chosen) {
        let values: Vec<f64> = (0..rows).map(|_| f64::from(below(&mut rng, u32::MAX))).collect();
        Samples::real(&values, 1).unwrap().into_owned()
    } else {
        let values: Vec<u32> = (0..rows).map(|_| below(&mut rng, 3)).collect();
        Samples::symbols(&values, 1).unwrap().into_owned()
    }
}

fn triple(chosen: &Chosen, rows: usize) -> [Samples<'static>; 3] {
    [0, 1, 2].map(|index| series(chosen, rows, index))
}

/// The error, or a panic that says who took what.
fn refused(chosen: &Chosen, what: &str, result: Result<Estimate>) -> Error {
    match result {
        Err(error) => error,
        Ok(estimate) => panic!("`{}` takes {what}: {}", chosen.canonical, estimate.nats),
    }
}

fn assert_code(chosen: &Chosen, what: &str, result: Result<Estimate>, code: &str) {
    let error = refused(chosen, what, result);
    assert_eq!(error.code(), code, "`{}`, {what}: {error}", chosen.canonical);
}

#[test]
fn lengths_must_agree() {
    for chosen in all() {
        let ([x, y, z], short) = (triple(&chosen, 60), series(&chosen, 59, 3));
        let estimator = chosen.information();
        assert_code(&chosen, "a short x", mi(estimator, &short, &y), "IP0252");
        assert_code(&chosen, "a short z", cmi(estimator, &x, &y, &short), "IP0252");
        assert_code(&chosen, "a short empty z", estimator.cmi(&x, &y, &Samples::empty(59)), "IP0252");
        assert_code(&chosen, "a short x, asked directly", estimator.cmi(&short, &y, &z), "IP0252");
        let embedding = Embedding::default();
        assert_code(&chosen, "a short source", te(estimator, &short, &y, &embedding), "IP0252");
        let conditional = [(&short, History::default())];
        assert_code(&chosen, "a short conditional", cte(estimator, &x, &y, &conditional, &embedding), "IP0252");
    }
}

#[test]
fn x_and_y_have_columns_and_only_z_may_have_none() {
    for chosen in all() {
        let ([x, y, _], none) = (triple(&chosen, 60), Samples::empty(60));
        let estimator = chosen.information();
        assert_code(&chosen, "an empty x", estimator.cmi(&none, &y, &none), "IP0253");
        assert_code(&chosen, "an empty y", estimator.cmi(&x, &none, &none), "IP0253");
        if let Ok(of) = chosen.entropy() {
            assert_code(&chosen, "an empty x", entropy(of, &none), "IP0253");
        }
        let unconditional =
            estimator.cmi(&x, &y, &none).unwrap_or_else(|error| panic!("{}: {error}", chosen.canonical));
        assert_eq!(unconditional.nats, mi(estimator, &x, &y).unwrap().nats);
    }
}

#[test]
fn a_prepared_question_refuses_the_same_x() {
    for chosen in all() {
        let ([_, y, z], short) = (triple(&chosen, 60), series(&chosen, 59, 3));
        let prepared = chosen.information().prepare(&y, &z).unwrap();
        assert_code(&chosen, "a short x", prepared.cmi(&short), "IP0252");
        assert_code(&chosen, "an empty x", prepared.cmi(&Samples::empty(60)), "IP0253");
        assert_eq!(
            prepared.several(std::slice::from_ref(&short)).err().unwrap().code(),
            "IP0252",
            "{}",
            chosen.canonical
        );
    }
}

#[test]
fn numbers_must_be_finite() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refused = Samples::real(&[0.0, 1.0, bad, 3.0], 2).unwrap_err();
        assert_eq!(refused.code(), "IP0250");
        assert!(refused.to_string().contains("row 1, column 0"), "{refused}");
        assert_eq!(Samples::real32(&[0.0, bad as f32], 1).unwrap_err().code(), "IP0250");
    }
    assert_eq!(Samples::real_with_missing(&[f64::NAN, f64::INFINITY], 1).unwrap_err().code(), "IP0250");
    assert_eq!(Samples::real(&[1.0, 2.0, 3.0], 2).unwrap_err().code(), "IP0251");
    assert_eq!(Samples::real(&[], 0).unwrap_err().code(), "IP0253");
}

#[test]
fn rows_that_are_missing_are_left_out_by_measures_and_refused_by_estimators() {
    for chosen in all() {
        let [x, y, z] = triple(&chosen, 60);
        let mut gaps = vec![false; 60];
        gaps[7] = true;
        let holed = x.clone().with_missing(gaps).unwrap();
        assert_code(&chosen, "a missing row", chosen.information().cmi(&holed, &y, &z), "IP0262");
        let left = mi(chosen.information(), &holed, &y).unwrap_or_else(|error| panic!("{}: {error}", chosen.canonical));
        assert_eq!(left.n, 59, "{}", chosen.canonical);
    }
}

#[test]
fn a_constant_column_is_refused_unless_it_is_a_symbol() {
    for chosen in all() {
        let [x, y, z] = triple(&chosen, 60);
        let estimator = chosen.information();
        if chosen.registered.takes == Takes::Real {
            let constant = Samples::real(&[2.5; 60], 1).unwrap();
            for (name, result) in [
                ("`x`", mi(estimator, &constant, &y)),
                ("`y`", mi(estimator, &x, &constant)),
                ("`z`", cmi(estimator, &x, &y, &constant)),
            ] {
                let error = refused(&chosen, &format!("a constant {name}"), result);
                assert_eq!(error.code(), "IP0260", "`{}`: {error}", chosen.canonical);
                assert!(error.to_string().contains(name), "`{}`: {error}", chosen.canonical);
            }
        }
        // a constant symbol is legal, and so is one value that all rows share where values may be atoms
        if chosen.registered.takes != Takes::Real {
            let constant = Samples::symbols(&[5; 60], 1).unwrap();
            let told =
                cmi(estimator, &constant, &y, &z).unwrap_or_else(|error| panic!("{}: {error}", chosen.canonical));
            assert!(told.nats.abs() < 1e-12, "`{}`: {}", chosen.canonical, told.nats);
        }
    }
}

#[test]
fn the_kind_of_the_values_must_be_what_it_takes() {
    for chosen in all() {
        let other = match chosen.registered.takes {
            Takes::Symbols => Samples::real(&[0.5, 1.5, 2.5, 0.1, 0.2, 0.3], 1).unwrap(),
            Takes::Real => Samples::symbols(&[0, 1, 0, 1, 1, 0], 1).unwrap(),
            Takes::Any => continue,
        };
        assert_code(&chosen, "the other kind", mi(chosen.information(), &other, &other), "IP0255");
        if let Ok(of) = chosen.entropy() {
            assert_code(&chosen, "the other kind", entropy(of, &other), "IP0255");
        }
    }
}

#[test]
fn a_series_must_be_longer_than_its_histories() {
    for chosen in all() {
        let [x, y, z] = triple(&chosen, 20);
        let estimator = chosen.information();
        for embedding in [
            Embedding { k: 21, ..Embedding::default() },
            Embedding { l: 11, source_tau: 2, ..Embedding::default() },
            Embedding { delay: 20, ..Embedding::default() },
        ] {
            assert_code(&chosen, "a history as long as the series", te(estimator, &x, &y, &embedding), "IP0254");
        }
        let long = History { length: 20, ..History::default() };
        assert_code(&chosen, "a long history", ais(estimator, &x, long), "IP0254");
        let conditional = [(&z, long)];
        let result = cte(estimator, &x, &y, &conditional, &Embedding::default());
        assert_code(&chosen, "a long conditional", result, "IP0254");
        let none = series(&chosen, 0, 0);
        assert_code(&chosen, "no rows", mi(estimator, &none, &none), "IP0254");
    }
}

#[test]
fn histories_spacings_and_delays_begin_at_one() {
    for chosen in all() {
        let [x, y, z] = triple(&chosen, 60);
        let estimator = chosen.information();
        for embedding in [
            Embedding { k: 0, ..Embedding::default() },
            Embedding { l: 0, ..Embedding::default() },
            Embedding { target_tau: 0, ..Embedding::default() },
            Embedding { source_tau: 0, ..Embedding::default() },
            Embedding { delay: 0, ..Embedding::default() },
        ] {
            assert_code(&chosen, "a zero", te(estimator, &x, &y, &embedding), "IP0500");
        }
        let present = [(&z, History { delay: 0, ..History::default() })];
        let result = cte(estimator, &x, &y, &present, &Embedding::default());
        assert_code(&chosen, "a conditional's present", result, "IP0500");
        assert_code(&chosen, "no history", ais(estimator, &x, History { length: 0, ..History::default() }), "IP0500");
    }
}

#[test]
fn neighbours_must_be_fewer_than_rows() {
    let mut asked = 0;
    for registered in ESTIMATORS.iter().filter(|registered| registered.entry.parameters.iter().any(|p| p.key == "k")) {
        asked += 1;
        let name = registered.entry.name;
        let chosen = estimator(&format!("{name}:k=20")).unwrap();
        let [x, y, z] = triple(&chosen, 20);
        assert_code(&chosen, "K = N", mi(chosen.information(), &x, &y), "IP0502");
        assert_code(&chosen, "K = N", cmi(chosen.information(), &x, &y, &z), "IP0502");
        assert_eq!(estimator(&format!("{name}:k=0")).err().unwrap().code(), "IP0113", "{name}");
        let fewer = estimator(&format!("{name}:k=4")).unwrap();
        assert!(mi(fewer.information(), &x, &y).is_ok(), "{name}");
    }
    assert!(asked >= 2, "ksg and knn have neighbours");
}

#[test]
fn a_theiler_window_must_leave_enough_rows() {
    let has = |registered: &Registered, key| registered.entry.parameters.iter().any(|p| p.key == key);
    for registered in ESTIMATORS.iter().filter(|registered| has(registered, "theiler") && has(registered, "k")) {
        let chosen = estimator(&format!("{}:theiler=30", registered.entry.name)).unwrap();
        let [x, y, _] = triple(&chosen, 40);
        assert_code(&chosen, "a window over all rows", mi(chosen.information(), &x, &y), "IP0502");
    }
}

#[test]
fn tied_values_are_refused_where_that_is_asked_for() {
    for registered in ESTIMATORS.iter().filter(|registered| registered.entry.parameters.iter().any(|p| p.key == "ties"))
    {
        let name = registered.entry.name;
        let values: Vec<f64> = (0..60).map(|row| f64::from(row % 7)).collect();
        let (tied, free) = (Samples::real(&values, 1).unwrap(), series(&estimator(name).unwrap(), 60, 0));
        let strict = estimator(&format!("{name}:ties=error")).unwrap();
        assert_code(&strict, "ties", mi(strict.information(), &tied, &free), "IP0261");
        assert!(mi(strict.information(), &free, &series(&strict, 60, 1)).is_ok());
        for policy in ["noise", "keep"] {
            let chosen = estimator(&format!("{name}:ties={policy}")).unwrap();
            let estimate = match mi(chosen.information(), &tied, &free) {
                // an entropy of rows that coincide would be −∞
                Err(Error::Coincide { .. }) if policy == "keep" => continue,
                result => result.unwrap(),
            };
            assert_eq!(estimate.ties, Some(1.0), "`{name}` says that every row is tied");
            assert!(!estimate.notes.is_empty(), "`{name}`, {policy}: says what was done");
        }
    }
}

#[test]
fn symbols_must_be_below_the_base() {
    let chosen = estimator("plugin:base=2").unwrap();
    let (fits, beyond) = (Samples::symbols(&[0, 1, 1, 0], 1).unwrap(), Samples::symbols(&[0, 1, 2, 0], 1).unwrap());
    let refused = mi(chosen.information(), &fits, &beyond).unwrap_err();
    assert_eq!(refused.code(), "IP0256");
    assert_eq!(refused.to_string(), "`y`: symbol 2 at row 2, column 0; allowed are 0 to 1");
}

#[test]
fn packed_states_never_wrap() {
    // 40 columns of 2³² symbols each: far beyond any machine word
    let rows = 64_u32;
    let wide: Vec<u32> =
        (0..rows).flat_map(|row| (0..40).map(move |column| u32::MAX - (row % 8) * (column % 3))).collect();
    let label: Vec<u32> = (0..rows).map(|row| row % 8).collect();
    let (wide, label) = (Samples::symbols(&wide, 40).unwrap(), Samples::symbols(&label, 1).unwrap());
    let chosen = estimator("plugin").unwrap();
    let told = mi(chosen.information(), &wide, &label).unwrap().nats;
    assert!((told - 8.0_f64.ln()).abs() < 1e-12, "{told}");
}

#[test]
fn kinds_do_not_mix_in_one_condition() {
    let (real, symbols) =
        (Samples::real(&[0.5, 1.5, 2.5, 0.1, 0.2, 0.3], 1).unwrap(), Samples::symbols(&[0, 1, 0, 1, 1, 0], 1).unwrap());
    let mixed = Embedded::te(&real, &real, &[(&symbols, History::default())], &Embedding::default());
    assert_eq!(mixed.unwrap_err().code(), "IP0255");
}

#[test]
fn errors_say_what_would_be_allowed() {
    for (spec, words) in [
        ("ksg:k=0", "from 1"),
        ("ksg:alg=3", "1 or 2"),
        ("plugin:correction=best", "miller-madow"),
        ("ksgg", "ksg"),
        ("gaussian:width=2", "gaussian"),
    ] {
        let refused = estimator(spec).err().unwrap();
        let told = format!("{refused} {}", refused.hint().unwrap_or_default());
        assert!(told.contains(words), "`{spec}`: {told}");
    }
    assert!(Null::parse("blocks").unwrap_err().to_string().contains("block"));
    let _: &dyn Information = estimator("plugin").unwrap().information();
}
