//! `open_object!`: objects of responses of which much is not documented. They are kept as they came, so that no key that is
//! missing, new or of another type makes one unreadable; the documented keys have methods.

use serde_json::{Map, Value};

/// Defines an object with a method for each documented key, named like the key.
macro_rules! open_object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$key_meta:meta])* $key:ident: $kind:ident -> $type:ty, )*
        }
    ) => {
        $(#[$meta])*
        ///
        /// Kept as it came: a key that is missing, or of another type than documented, reads as none.
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(serde_json::Map<String, serde_json::Value>);

        impl $name {
            $(
                $(#[$key_meta])*
                pub fn $key(&self) -> $type {
                    crate::open_object::$kind(&self.0, stringify!($key))
                }
            )*

            /// All of its keys as they came, the undocumented ones too.
            pub fn raw(&self) -> &serde_json::Map<String, serde_json::Value> {
                &self.0
            }
        }
    };
}

pub(crate) use open_object;

pub(crate) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

pub(crate) fn number(object: &Map<String, Value>, key: &str) -> Option<f64> {
    object.get(key)?.as_f64()
}

pub(crate) fn status(object: &Map<String, Value>, key: &str) -> Option<u16> {
    object.get(key)?.as_u64()?.try_into().ok()
}

pub(crate) fn flag(object: &Map<String, Value>, key: &str) -> Option<bool> {
    object.get(key)?.as_bool()
}

pub(crate) fn value<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

pub(crate) fn texts<'a>(object: &'a Map<String, Value>, key: &str) -> Vec<&'a str> {
    let items = object.get(key).and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The objects listed there. What is no object among them is left out.
pub(crate) fn objects<T: serde::de::DeserializeOwned>(
    object: &Map<String, Value>,
    key: &str,
) -> Vec<T> {
    let items = object.get(key).and_then(Value::as_array);
    let items = items.into_iter().flatten().filter(|item| item.is_object());
    items
        .filter_map(|item| serde_json::from_value(item.clone()).ok())
        .collect()
}

/// The object there; an empty one, if there is none.
pub(crate) fn object<T: serde::de::DeserializeOwned + Default>(
    object: &Map<String, Value>,
    key: &str,
) -> T {
    let inner = object.get(key).filter(|inner| inner.is_object()).cloned();
    inner
        .and_then(|inner| serde_json::from_value(inner).ok())
        .unwrap_or_default()
}
