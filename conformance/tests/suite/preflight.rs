//! Targets that are no server of this API: each is told once, with the likely cause, as exit code 3, and violates
//! nothing. Private CAs are here too, since a server that is not trusted is told in the same way.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crustdata_mock::{Mock, MockConfig};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::process::{Printed, SECRET, command, conformance_on, json, printed, with_status};
use crate::targets::{EMPTY_LIST, read_request, respond, serve};

#[track_caller]
fn is_told(printed: &Printed, says: &[&str]) {
    let results = json(printed);
    assert_eq!(printed.code, 3, "{results:#}");
    for status in ["pass", "fail", "warn", "vacuous"] {
        assert_eq!(with_status(&results, status), Vec::<String>::new());
    }
    let stopped = results["stopped"].as_str().expect("the run ends early");
    for part in says {
        assert!(stopped.contains(part), "no {part:?} in: {stopped}");
    }
    let requests = results["totals"]["exchanges"].as_u64();
    assert!(
        requests.is_some_and(|requests| requests <= 4),
        "{requests:?}"
    );
}

#[test]
fn a_website_is_told() {
    for status in ["200 OK", "404 Not Found"] {
        let target =
            serve(move |stream, _| respond(stream, status, "text/html", "<h1>Welcome</h1>"));
        let printed = conformance_on(&target, "run --max-jobs 50 --format json");
        is_told(
            &printed,
            &["not a server of this API", status, "HTML", "--base-url"],
        );
    }
}

#[test]
fn a_redirect_is_told_with_where_it_leads() {
    let target = serve(|stream, _| {
        // A client that has gone away is no matter of the test's.
        let _ = write!(
            stream,
            "HTTP/1.1 301 Moved Permanently\r\nLocation: https://elsewhere.example/batch\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    });
    let printed = conformance_on(&target, "run --format json");
    is_told(
        &printed,
        &["301", "Location: https://elsewhere.example/batch"],
    );
}

#[test]
fn another_api_is_told() {
    let target = serve(|stream, _| {
        respond(
            stream,
            "404 Not Found",
            "application/json",
            r#"{"detail":"Not Found"}"#,
        );
    });
    let printed = conformance_on(&target, "run --format json");
    is_told(
        &printed,
        &["GET /batch", "POST /batch", "no such operation"],
    );
}

/// A gateway whose server is down says nothing of the API.
#[test]
fn a_server_that_is_down_is_told() {
    for (kind, body) in [
        ("text/html", "<h1>Bad Gateway</h1>"),
        ("application/json", r#"{"message":"bad gateway"}"#),
    ] {
        let target = serve(move |stream, _| respond(stream, "502 Bad Gateway", kind, body));
        let printed = conformance_on(&target, "run --format json");
        is_told(&printed, &["not in order", "502 Bad Gateway"]);
    }
}

/// A gateway that lets nobody in is not the API that refuses a key.
#[test]
fn a_page_for_whom_a_gateway_keeps_out_is_told() {
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let target = serve(move |stream, _| respond(stream, status, "text/html", "<h1>No</h1>"));
        let printed = conformance_on(&target, "run --format json");
        is_told(&printed, &["not a server of this API", status, "HTML"]);
    }
}

/// What is asked for there is a job whose id is `batch`, and no list.
#[tokio::test]
async fn a_base_url_that_goes_on_into_the_api_is_told() {
    let config = MockConfig {
        key: SECRET.to_owned(),
        ..MockConfig::default()
    };
    let mock = config.start().await.expect("the mock starts");
    let url = mock.base_url().join("batch").expect("it is a URL");
    let run = move || conformance_on(url.as_str(), "run --format json");
    let printed = tokio::task::spawn_blocking(run)
        .await
        .expect("the run ends");
    is_told(&printed, &["GET /batch", "400", "POST /batch", "404"]);
}

/// A key without access is as good as another one: not the key is to be checked.
#[test]
fn a_key_that_may_not_is_told_what_to_ask_for() {
    for (status, remedy) in [
        ("401 Unauthorized", "check CRUSTDATA_API_KEY"),
        ("403 Forbidden", "ask for it"),
    ] {
        let body = r#"{"message":"No."}"#;
        let target = serve(move |stream, _| respond(stream, status, "application/json", body));
        for verb in ["run --only list.*", "doctor"] {
            let printed = conformance_on(&target, verb);
            assert!(printed.out.contains(remedy), "{verb}: {}", printed.out);
        }
    }
}

#[test]
fn why_nothing_could_be_judged_is_said_once() {
    let body = r#"{"message":"No."}"#;
    let target = serve(|stream, _| respond(stream, "401 No", "application/json", body));
    let printed = conformance_on(&target, "run --only list.*");
    let why = printed.out.matches("refuses the key").count();
    assert_eq!((printed.code, why), (3, 1), "{}", printed.out);
    let printed = conformance_on(&target, "run --only list.* --verbose");
    assert!(printed.out.contains("list.shape"), "{}", printed.out);
}

/// Only the list is missing, or fails: that is a server of this API, with a defect.
#[test]
fn a_server_without_a_list_is_judged() {
    for missing in ["404 Not Found", "500 Oh", "502 Bad Gateway"] {
        let target = serve(move |stream, request| {
            let status = match request.starts_with("GET") {
                true => missing,
                false => "400 Bad Request",
            };
            let body = r#"{"error":{"type":"bad","message":"no","metadata":{}}}"#;
            respond(stream, status, "application/json", body);
        });
        let printed = conformance_on(&target, "run --only reject.missing-fields --format json");
        assert_eq!(printed.code, 0, "{}", printed.out);
    }
}

#[test]
fn a_port_that_speaks_no_http_is_told() {
    let target = serve(|stream, _| {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n");
    });
    let printed = conformance_on(&target, "run --format json");
    is_told(
        &printed,
        &["no HTTP response", "not that of an HTTP server"],
    );
}

#[test]
fn a_header_that_http_does_not_allow_is_told() {
    let target = serve(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-A: \x01\r\nContent-Length: 0\r\n\r\n");
    });
    let printed = conformance_on(&target, "run --format json");
    is_told(&printed, &["no HTTP response", "sends a header"]);
}

#[test]
fn tls_where_plain_http_is_asked_for_is_told() {
    let tls = serve_tls();
    let printed = conformance_on(&tls.replace("https", "http"), "run --format json");
    is_told(&printed, &["speaks TLS", "https://"]);
}

#[tokio::test]
async fn plain_http_where_tls_is_asked_for_is_told() {
    let mock = Mock::start().await.expect("the mock starts");
    let url = mock.base_url().as_str().replace("http", "https");
    let run = tokio::task::spawn_blocking(move || conformance_on(&url, "run --format json"));
    let printed = run.await.expect("the run ends");
    is_told(&printed, &["speaks plain HTTP", "http://"]);
}

/// Certificates and key are those of the client's tests: for 127.0.0.1, signed by themselves.
const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/tests/suite/tls");

/// Serves an empty list over TLS, on a thread of its own until the test process ends.
fn serve_tls() -> String {
    let file = |name| Path::new(TLS).join(name);
    let certificate = CertificateDer::from_pem_file(file("certificate.pem"));
    let key = PrivateKeyDer::from_pem_file(file("key.pem"));
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ServerConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.expect("it is one")],
            key.expect("it is one"),
        );
    let config = Arc::new(config.expect("key and certificate belong together"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(config.clone()).expect("it is valid");
            let mut stream = rustls::Stream::new(&mut session, &mut stream);
            if read_request(&mut stream).is_some() {
                respond(&mut stream, "200 OK", "application/json", EMPTY_LIST);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    format!("https://{address}")
}

/// A run on a server whose certificate the system does not trust, unless the environment says so.
fn run_on_tls(environment: impl FnOnce(&mut Command)) -> Printed {
    let mut command = command("run --only list.shape --format json --base-url");
    command
        .arg(serve_tls())
        .env("CRUSTDATA_API_KEY", SECRET)
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    environment(&mut command);
    printed(command.output().expect("the binary runs"))
}

#[test]
fn a_server_that_is_not_trusted_is_told_with_the_remedy() {
    let printed = run_on_tls(|_| {});
    is_told(&printed, &["does not trust", "SSL_CERT_FILE"]);
}

/// Elsewhere the system's own store decides.
#[cfg(target_os = "linux")]
#[test]
fn a_private_ca_is_trusted_that_ssl_cert_file_names() {
    let printed = run_on_tls(|command| {
        command.env("SSL_CERT_FILE", Path::new(TLS).join("certificate.pem"));
    });
    assert_eq!(with_status(&json(&printed), "pass"), ["list.shape"]);
}
