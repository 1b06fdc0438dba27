//! How closely the plug-in estimator and each of its corrections obey the laws.

use crate::estimators::Laws;

pub(super) const LAWS: Laws = Laws {
    duplicates: true,
    also: &[
        ("plugin:correction=miller-madow", Laws::SHANNON),
        ("plugin:correction=grassberger", Laws::SHANNON),
        ("plugin:correction=grassberger-1988", GRASSBERGER_1988),
        ("plugin:correction=grassberger-plus-one", Laws::SHANNON),
        ("plugin:correction=chao-shen", CHAO_SHEN),
        ("plugin:correction=chao-wang-jost", Laws::SHANNON),
        ("plugin:correction=shrink", SHRINK),
        ("plugin:correction=shrink-local", Laws::SHANNON),
        ("plugin:correction=nsb", NSB),
        ("plugin:correction=panzeri-treves", Laws::SHANNON),
        ("plugin:correction=zhang", Laws::SHANNON),
        ("plugin:correction=bonachela", BONACHELA),
        ("plugin:correction=jackknife", Laws::SHANNON),
        ("plugin:correction=reduced", REDUCED),
    ],
    ..Laws::SHANNON
};

const GRASSBERGER_1988: Laws = Laws {
    independence: Some(8.0),
    xor: Some(6.0),
    why: "0.001 nats are left of the bias, small but steady",
    ..Laws::SHANNON
};

const CHAO_SHEN: Laws = Laws {
    independence: Some(20.0),
    xor: Some(6.0),
    why: "where all states are seen it does nothing, and the bias of 0.001 to 0.004 nats stays",
    ..Laws::SHANNON
};

const SHRINK: Laws = Laws {
    xor: Some(6.0),
    why: "joint probabilities drawn towards equal ones lose dependence: 0.016 of 0.368 nats at N = 500",
    ..Laws::SHANNON
};

const NSB: Laws = Laws {
    independence: Some(7.0),
    why: "the joint entropy of twelve states is 0.001 nats high under its prior",
    ..Laws::SHANNON
};

const BONACHELA: Laws = Laws {
    independence: None,
    xor: Some(8.0),
    why: "made for short series of few states: with twelve states and N = 500 independence reads −0.014 nats",
    ..Laws::SHANNON
};

const REDUCED: Laws = Laws {
    symmetry: None,
    independence: None,
    xor: None,
    chain: None,
    why: "it charges for the description of what X tells about Y: below 0 where that does not pay, and not symmetric",
    ..Laws::SHANNON
};
