//! The Postgres database that a URL names, and connections to it, encrypted where the URL asks for it. What is asked of the
//! database is elsewhere.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Cause;

/// Takes the place of a password that the URL lacks, as in other programs.
const PASSWORD: &str = "PGPASSWORD";

/// A database, and how it is reached.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) config: Config,
    /// Where the URL asks for TLS.
    tls: Option<ClientConfig>,
}

impl Database {
    /// That of a URL, which may hold a password: no error repeats it.
    pub(crate) fn of_url(url: &str) -> Result<Self, Cause> {
        // What is wrong is in the source alone.
        let reason = |error: tokio_postgres::Error| error.into_source();
        let unknown = || Cause::from("it names no database");
        let parsed: Result<Config, _> = url.parse().map_err(reason);
        let mut config = parsed.map_err(|reason| reason.unwrap_or_else(unknown))?;
        if config.get_password().is_none()
            && let Some(password) = std::env::var_os(PASSWORD)
        {
            config.password(password.into_encoded_bytes());
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(tls()?),
            _ => None,
        };
        Ok(Self { config, tls })
    }

    /// Where it is, without anything secret.
    pub(crate) fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => "localhost".to_owned(),
        };
        let database = self.config.get_dbname().or(self.config.get_user());
        format!("{host}/{}", database.unwrap_or("postgres"))
    }

    /// A connection, driven by the runtime of the caller. What goes wrong with it is told by its calls.
    pub(crate) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(connection);
                Ok(client)
            }
            Some(tls) => {
                let tls = MakeRustlsConnect::new(tls.clone());
                let (client, connection) = self.config.connect(tls).await?;
                tokio::spawn(connection);
                Ok(client)
            }
        }
    }
}

/// TLS that trusts what the system trusts, and checks the host's name: what is in a journal is personal data.
fn tls() -> Result<ClientConfig, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()
        .map(|config| config.with_no_client_auth())
}
