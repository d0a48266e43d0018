//! The settings that are in the environment.

use std::env::{self, VarError};

use super::ClientBuilder;
use crate::api_key::ApiKey;
use crate::config_error::{API_KEY_VARIABLE, ConfigError};

/// Environment variable with the base URL.
const BASE_URL_VARIABLE: &str = "CRUSTDATA_BASE_URL";

impl ClientBuilder {
    /// Starts from `CRUSTDATA_API_KEY` and `CRUSTDATA_BASE_URL`; the latter may be missing.
    ///
    /// # Errors
    ///
    /// When the key is missing or can't be a key.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| env::var(name))
    }

    fn from_variables(
        variable: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<Self, ConfigError> {
        // The variable's value must not get into the error, as it would with `VarError`.
        let read = |name| match variable(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(ConfigError::NotUnicode { name }),
        };
        Ok(Self {
            api_key: read(API_KEY_VARIABLE)?.map(ApiKey::new).transpose()?,
            base_url: read(BASE_URL_VARIABLE)?
                .filter(|url| !url.is_empty())
                .map(Into::into),
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    //! Here and not with the integration tests, since setting variables of the process takes unsafe code.
    #![allow(clippy::unwrap_used)]

    use std::ffi::OsString;

    use super::*;
    use crate::generated::contract::BASE_URL;
    use crate::{Client, InvalidApiKey};

    fn from(variables: &[(&str, &str)]) -> Result<Client, ConfigError> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        ClientBuilder::from_variables(|name| find(name).ok_or(VarError::NotPresent))?.build()
    }

    #[test]
    fn the_key_alone_calls_the_live_api() {
        assert_eq!(
            from(&[(API_KEY_VARIABLE, "k")]).unwrap().base_url(),
            BASE_URL
        );
        assert_eq!(
            from(&[(API_KEY_VARIABLE, "k"), (BASE_URL_VARIABLE, "")])
                .unwrap()
                .base_url(),
            BASE_URL
        );
    }

    #[test]
    fn the_base_url_can_be_set() {
        let client = from(&[
            (API_KEY_VARIABLE, "k"),
            (BASE_URL_VARIABLE, "http://127.0.0.1:1/api/"),
        ])
        .unwrap();
        assert_eq!(client.base_url(), "http://127.0.0.1:1/api");
    }

    #[test]
    fn a_missing_or_empty_key_is_an_error() {
        assert!(matches!(from(&[]), Err(ConfigError::MissingApiKey)));
        assert!(matches!(
            from(&[(API_KEY_VARIABLE, "")]),
            Err(ConfigError::ApiKey(InvalidApiKey::Empty))
        ));
    }

    #[test]
    fn a_key_that_is_no_text_is_not_shown() {
        let unreadable = |_: &str| Err(VarError::NotUnicode(OsString::from("sk-secret")));
        let error = ClientBuilder::from_variables(unreadable).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sk-secret"));
    }
}
