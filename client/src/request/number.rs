//! Numbers that the contract bounds.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{InvalidRequest, Problem};
use crate::generated::contract::{list::limit, submit::chunk_size};

/// Defines a number that can't leave its range, and its JSON and schema forms.
macro_rules! bounded_number {
    ($(#[$meta:meta])* $name:ident: $bounds:ident, else $problem:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The smallest value.
            pub const MIN: Self = Self($bounds::MIN);
            /// The largest value.
            pub const MAX: Self = Self($bounds::MAX);
            /// What the API assumes where none is given.
            pub const DEFAULT: Self = Self($bounds::DEFAULT);

            /// Checks and keeps the number.
            ///
            /// # Errors
            ///
            /// When it lies outside [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
            pub fn new(value: u32) -> Result<Self, InvalidRequest> {
                if ($bounds::MIN..=$bounds::MAX).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(Problem::$problem { value }.into())
                }
            }

            /// The number.
            pub const fn get(self) -> u32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::DEFAULT
            }
        }

        impl TryFrom<u32> for $name {
            type Error = InvalidRequest;

            fn try_from(value: u32) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Number;
                impl Visitor<'_> for Number {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "an integer from {} to {}", $bounds::MIN, $bounds::MAX)
                    }

                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<$name, E> {
                        u32::try_from(value)
                            .ok()
                            .and_then(|value| $name::new(value).ok())
                            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
                    }

                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<$name, E> {
                        match u64::try_from(value) {
                            Ok(value) => self.visit_u64(value),
                            Err(_) => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                        }
                    }
                }
                deserializer.deserialize_u32(Number)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "integer",
                    "minimum": $bounds::MIN,
                    "maximum": $bounds::MAX,
                    "default": $bounds::DEFAULT,
                })
            }
        }
    };
}

bounded_number! {
    /// Identifiers in one unit of the provider's internal processing.
    ///
    /// ```
    /// use crustdata_batch::ChunkSize;
    ///
    /// assert!(ChunkSize::new(ChunkSize::MIN.get() - 1).is_err());
    /// assert_eq!(ChunkSize::default(), ChunkSize::DEFAULT);
    /// ```
    ChunkSize: chunk_size, else ChunkSize
}

bounded_number! {
    /// Most jobs on a page of the list.
    ///
    /// The API clamps a limit out of range; this type refuses it, so that a page is never shorter than asked.
    PageLimit: limit, else PageLimit
}
