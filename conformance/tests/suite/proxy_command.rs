//! `conformance proxy` as it is called: its flags, the program that it runs, TLS, and how it ends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use crustdata_mock::{Clock, Mock, MockConfig};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::process::{Printed, SECRET, command, printed, with_status};

/// The certificates of the client's tests: for 127.0.0.1, valid until 2120, and signed by themselves.
const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/tests/suite/tls");

/// A client that submits so many jobs of one profile each, one after another, and reads the responses.
const CLIENT: &str = r#"
host=${CRUSTDATA_BASE_URL#http://}
for number in $(seq "$1"); do
    exec 3<>"/dev/tcp/${host/://}"
    body='{"professional_network_profile_urls":["https://www.linkedin.com/in/nobody-'$number'/"],"fields":["business_email"]}'
    printf 'POST /batch/person/contact/enrich HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n' "$host" >&3
    printf 'Authorization: Bearer %s\r\nX-Api-Version: 2025-11-01\r\n' "$CRUSTDATA_API_KEY" >&3
    printf 'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' ${#body} "$body" >&3
    cat <&3 >/dev/null
done
"#;

/// The command of that client, which is written there.
fn client(directory: &Path) -> String {
    let path = directory.join("client.sh");
    std::fs::write(&path, CLIENT).unwrap();
    format!("bash {}", path.display())
}

/// A mock that knows the key that must never be printed.
async fn mock(fault: &[&str]) -> Mock {
    let config = MockConfig {
        key: SECRET.to_owned(),
        clock: Clock::Ticking(std::time::Duration::from_secs(30)),
        faults: fault
            .iter()
            .map(|name| crustdata_mock::find(name).unwrap())
            .collect(),
        ..MockConfig::default()
    };
    config.start().await.unwrap()
}

/// Runs the proxy; the key is nowhere in what it says.
async fn proxy(upstream: &str, args: &[&str], trusted: &str) -> Printed {
    let mut command = command("proxy --upstream");
    command
        .arg(upstream)
        .args(args)
        .env("CRUSTDATA_API_KEY", SECRET)
        .env("SSL_CERT_FILE", Path::new(TLS).join(trusted))
        .env_remove("SSL_CERT_DIR");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let printed = printed(output.await.unwrap());
    assert!(!printed.out.contains(SECRET) && !printed.err.contains(SECRET));
    printed
}

/// The results in a directory of reports: the program prints what it likes beside the report.
fn results(report: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(report.join("results.json")).unwrap()).unwrap()
}

/// Words of a line.
fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[tokio::test]
async fn the_verdict_is_the_exit_code_and_the_key_is_in_no_file() {
    let directory = tempfile::tempdir().unwrap();
    for (fault, code) in [(&[][..], 0), (&["entity-company"], 1)] {
        let mock = mock(fault).await;
        let [har, report] = ["session.har", "report"].map(|name| directory.path().join(name));
        let args = format!(
            "--observe --side server --skip webhook.* --record {} --report {} -- {} 2",
            har.display(),
            report.display(),
            client(directory.path())
        );
        let printed = proxy(mock.base_url().as_str(), &words(&args), "other.pem").await;
        assert_eq!(printed.code, code, "{}{}", printed.out, printed.err);
        let told = printed.err.contains("violated: submit.entity: expected");
        assert_eq!(told, code == 1, "{}", printed.err);
        let text = std::fs::read_to_string(&har).unwrap();
        assert!(text.ends_with("]}}\n") && !text.contains(SECRET));
        let files: Vec<_> = std::fs::read_dir(&report).unwrap().collect();
        assert_eq!(files.len(), 5);
        for file in files {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains(SECRET));
        }
    }
}

#[tokio::test]
async fn what_the_seat_belt_keeps_back_never_arrives() {
    for (flags, most) in [
        ("--max-jobs 1", 1),
        ("--max-credits 4", 0),
        ("--max-jobs 0 --max-credits 1000", 0),
    ] {
        let mock = mock(&[]).await;
        let directory = tempfile::tempdir().unwrap();
        let report = directory.path();
        let args = format!(
            "{flags} --report {} -- {} 3",
            report.display(),
            client(report)
        );
        let printed = proxy(mock.base_url().as_str(), &words(&args), "other.pem").await;
        let reached = if flags.contains("--max-credits 4") {
            "--max-credits 4 leaves"
        } else {
            "is reached"
        };
        assert!(
            printed.err.contains("blocked: "),
            "{flags}: {}",
            printed.err
        );
        assert!(printed.err.contains(reached), "{flags}: {}", printed.err);
        assert_eq!(mock.stats().accepted, most, "{flags}");
        let notes = results(report)["notes"].to_string();
        assert!(notes.contains(&format!("or perhaps: {most}")), "{notes}");
    }
}

#[tokio::test]
async fn a_full_disk_is_in_the_report() {
    let mock = mock(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let client = client(directory.path());
    let args = format!("--observe --side server --record /dev/full -- {client} 2");
    let printed = proxy(mock.base_url().as_str(), &words(&args), "other.pem").await;
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(
        printed.out.contains("the recording is not whole"),
        "{}",
        printed.out
    );
    assert!(mock.stats().accepted > 0);
}

/// What is there is of an earlier one, and as good as it was.
#[tokio::test]
async fn a_proxy_that_does_not_start_leaves_a_recording_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("session.har");
    let record = file.to_str().unwrap();
    std::fs::write(&file, "earlier").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let upstream = "http://127.0.0.1:1";
    for args in [
        ["--listen", &address, "--", "true"].as_slice(),
        &["--", "./no-such-program"],
    ] {
        let args = [&["--record", record], args].concat();
        assert_eq!(proxy(upstream, &args, "other.pem").await.code, 2);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "earlier");
    }
    let args = ["--record", record, "--listen", "0", "--", "true"];
    assert_eq!(proxy(upstream, &args, "other.pem").await.code, 3);
    let har: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(har["log"]["entries"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn the_program_has_its_environment_and_its_end_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let seen = directory.path().join("seen");
    let script = format!(
        "echo $CRUSTDATA_BASE_URL {{url}} $CRUSTDATA_API_KEY > {}; exit 7",
        seen.display()
    );
    let args = ["--", "sh", "-c", &script];
    let printed = proxy("http://127.0.0.1:1", &args, "other.pem").await;
    // It sent nothing, so that nothing could be judged.
    assert_eq!(printed.code, 3, "{}", printed.err);
    assert!(
        printed.err.contains("sh ended with exit status: 7"),
        "{}",
        printed.err
    );
    let seen = std::fs::read_to_string(seen).unwrap();
    let [base, replaced, key] = words(&seen)[..] else {
        panic!("{seen}")
    };
    assert_eq!((base, key), (replaced, SECRET));
    assert!(base.starts_with("http://127.0.0.1:"), "{base}");
    let listening = format!("listening on {base}, passing on to http://127.0.0.1:1");
    assert!(printed.err.contains(&listening), "{}", printed.err);

    let args = ["--", "./no-such-program"];
    let printed = proxy("http://127.0.0.1:1", &args, "other.pem").await;
    assert_eq!(printed.code, 2, "{}", printed.err);
    assert!(printed.err.contains("no-such-program"), "{}", printed.err);
}

#[test]
fn an_interrupt_ends_the_program_and_its_reports_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report");
    for program in [true, false] {
        let mut command = command("proxy --upstream http://127.0.0.1:1 --report");
        command.arg(&report);
        if program {
            command.args(["--", "sh", "-c", "echo runs >&2; exec sleep 600"]);
        }
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let wanted = if program { "runs" } else { "listening on " };
        let mut lines = err.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.starts_with(wanted)));
        let id = child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-INT", &id])
            .status();
        assert!(sent.unwrap().success());
        // Without a program, that is the way to end; nothing was judged.
        let code = if program { 130 } else { 3 };
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(results(&report)["exit_code"], code);
    }
}

/// Speaks TLS for a server, and counts nothing: who does not trust it does not get through.
async fn over_tls(server: std::net::SocketAddr) -> String {
    let read = |name: &str| std::fs::read(Path::new(TLS).join(name)).unwrap();
    let certificate = CertificateDer::from_pem_slice(&read("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&read("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut server = TcpStream::connect(server).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_server_over_tls_is_reached_where_its_certificate_is_trusted() {
    let mock = mock(&[]).await;
    let server = mock.base_url().socket_addrs(|| None).unwrap()[0];
    let upstream = over_tls(server).await;
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path();
    let args = format!(
        "--observe --side server --report {} -- {} 1",
        report.display(),
        client(report)
    );
    let printed = proxy(&upstream, &words(&args), "certificate.pem").await;
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(with_status(&results(report), "pass").contains(&"submit.entity".to_owned()));
    let received = mock.stats().requests;
    assert!(received > 0);

    // What is not trusted is not spoken to, and blamed for nothing.
    let printed = proxy(&upstream, &words(&args), "other.pem").await;
    assert_eq!(printed.code, 3, "{}{}", printed.out, printed.err);
    assert_eq!(mock.stats().requests, received);
}
