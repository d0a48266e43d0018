//! Connections to a database that are encrypted, because its URL asks for it: over a port that ends TLS before the database.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::runtime::Builder;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

use crate::query::enrich;
use crate::server::Database;
use crate::support::{Scene, expect, rows};

/// What a client sends first that asks for TLS: the length, and a code.
const ASKS_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// The client's certificates, which are for 127.0.0.1.
fn certificates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/suite/tls")
}

/// A port of this machine that passes on to a database what comes encrypted, and nothing else.
fn encrypted(socket: PathBuf) -> u16 {
    let certificate = CertificateDer::from_pem_file(certificates().join("certificate.pem"));
    let key = PrivateKeyDer::from_pem_file(certificates().join("key.pem"));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.unwrap()], key.unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    // It ends with the process.
    thread::spawn(move || {
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, acceptor.clone(), socket.clone()));
            }
        });
    });
    port
}

async fn pass(mut client: TcpStream, acceptor: TlsAcceptor, socket: PathBuf) -> io::Result<()> {
    let mut first = [0; 8];
    client.read_exact(&mut first).await?;
    assert_eq!(first, ASKS_FOR_TLS, "it comes in the clear");
    client.write_all(b"S").await?;
    let mut client = acceptor.accept(client).await?;
    let mut server = UnixStream::connect(socket).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Three people.
const PEOPLE: &str =
    "SELECT 'https://www.linkedin.com/in/person-000' || n AS profile FROM generate_series(0, 2) n";

/// The command, as a process that trusts this certificate.
fn trusting<'a>(certificate: &str, command: &'a mut Command) -> &'a mut Command {
    command
        .env("SSL_CERT_FILE", certificates().join(certificate))
        .env_remove("SSL_CERT_DIR")
}

#[test]
fn a_database_that_the_system_trusts_is_spoken_to_encrypted() {
    let Some(database) = Database::new() else {
        return;
    };
    let scene = Scene::new(3);
    let url = database.url_at(encrypted(database.socket())) + "?sslmode=require";
    let mut command = enrich(&scene, &url, PEOPLE);
    command.args(["--journal", &url]);
    expect(trusting("certificate.pem", &mut command), 0);
    assert_eq!(rows(&scene.output()).len(), 4);
}

#[test]
fn a_database_that_the_system_does_not_trust_gets_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    let scene = Scene::new(3);
    let url = database.url_at(encrypted(database.socket())) + "?sslmode=require";
    let said = expect(trusting("other.pem", &mut enrich(&scene, &url, PEOPLE)), 2);
    assert!(said.contains("certificate"), "{said}");
    let mut status = scene.command(&["status", "--journal", &url]);
    let said = expect(trusting("other.pem", &mut status), 3);
    assert!(said.contains("certificate"), "{said}");
}
