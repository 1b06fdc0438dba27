//! Which snapshots get draws.

use std::fmt;

use infoplane_record::Cadence;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `all`, `last`, or a schedule written like `record.every`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum At {
    /// Every snapshot.
    #[default]
    All,
    /// The last snapshot only.
    Last,
    /// Those of a schedule of their own.
    Cadence(Cadence),
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Last => serializer.serialize_str("last"),
            Self::Cadence(cadence) => cadence.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AtVisitor)
    }
}

struct AtVisitor;

impl<'de> Visitor<'de> for AtVisitor {
    type Value = At;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"all\", \"last\", or a schedule like \"log:20\" or [0, 1, 10]")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<At, E> {
        match text {
            "all" => Ok(At::All),
            "last" => Ok(At::Last),
            _ => Cadence::deserialize(de::value::StrDeserializer::<E>::new(text)).map(At::Cadence),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<At, A::Error> {
        Cadence::deserialize(de::value::SeqAccessDeserializer::new(items)).map(At::Cadence)
    }
}
