//! Webhook deliveries: one makes a run look at once, and a forged one does nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};

use crustdata_mock::Clock;

use crate::support::{Scene, expect, signal};

/// A run with jobs at work that looks at them once an hour, unless it gets a hint.
struct Run {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    /// Where it receives deliveries.
    address: String,
    /// Bodies that the mock delivers to the URL that the run names to it.
    delivered: Receiver<String>,
}

/// A receiver in the run's place, so that what is delivered can be held back.
fn post_office() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?secret=x", listener.local_addr().unwrap());
    let (sender, delivered) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                let lower = line.to_ascii_lowercase();
                if let Some(text) = lower.strip_prefix("content-length:") {
                    length = text.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let response = b"HTTP/1.1 204 -\r\nconnection: close\r\n\r\n";
            reader.get_mut().write_all(response).unwrap();
            if sender.send(String::from_utf8(body).unwrap()).is_err() {
                break;
            }
        }
    });
    (url, delivered)
}

impl Run {
    fn start(scene: &Scene) -> Self {
        let (url, delivered) = post_office();
        let mut command = scene.enrich();
        command.args(["--interval", "3600", "--webhook-url", &url]);
        command.args(["--webhook-listen", "127.0.0.1:0"]);
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut run = Self {
            child,
            stderr,
            address: String::new(),
            delivered,
        };
        let line = run.said("receiving webhook deliveries at ");
        run.address = line.rsplit(' ').next().unwrap().trim().to_owned();
        run
    }

    /// Reads on to the line with this text.
    fn said(&mut self, text: &str) -> String {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(self.stderr.read_line(&mut line).unwrap(), 0, "{text}");
        }
        line
    }

    /// Sends this to the run, and gives the status of its response.
    fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        // A body that is too long is not read to its end.
        let _ = stream.read_to_string(&mut response);
        let status = response.split(' ').nth(1);
        status.unwrap_or_default().to_owned()
    }

    fn deliver(&self, body: &str) -> String {
        let length = body.len();
        self.send(&format!(
            "POST /hook HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
    }
}

#[test]
fn a_delivery_makes_the_run_look_at_once() {
    let scene = Scene::with(3, |mock| mock.clock(Clock::Manual));
    let mut run = Run::start(&scene);
    run.said("is job");
    scene.age();
    let body = run.delivered.recv().unwrap();
    assert_eq!(run.deliver(&body), "204");
    assert_eq!(run.child.wait().unwrap().code(), Some(0));
    scene.check();
}

#[test]
fn a_forged_delivery_does_nothing() {
    let scene = Scene::with(3, |mock| mock.clock(Clock::Manual));
    let mut run = Run::start(&scene);
    run.said("is job");
    let jobs = scene.mock.jobs();
    let (real, _) = &jobs[0];
    // A true job that is still at work is worth one look, however often it is named.
    for _ in 0..20 {
        assert_eq!(run.deliver(&format!(r#"{{"batch_id": "{real}"}}"#)), "204");
    }
    // The run has taken the hints above when it has responded to these.
    for n in 0..20 {
        let id = format!("00000000-0000-4000-8000-{n:012}");
        assert_eq!(run.deliver(&format!(r#"{{"batch_id": "{id}"}}"#)), "204");
    }
    assert_eq!(run.deliver("hello"), "400");
    assert_eq!(run.deliver(&"x".repeat(1 << 20)), "400");
    assert_eq!(run.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n"), "405");
    assert_eq!(run.send("\0\r\n\r\n"), "400");
    let lists = |scene: &Scene| {
        let requests = scene.mock.requests();
        let lists = requests.iter().filter(|request| request.path == "/batch");
        lists.count()
    };
    // Before the submission, and once for the hint.
    assert!(lists(&scene) <= 2, "{}", lists(&scene));
    scene.age();
    let body = run.delivered.recv().unwrap();
    run.deliver(&body);
    // The hint is used up: what ends the run is its next look, which a signal spares the test.
    signal(&run.child, "INT");
    assert_eq!(run.child.wait().unwrap().code(), Some(130));
    expect(&mut scene.resume(), 0);
    scene.check();
}

#[test]
fn an_address_that_cannot_be_had() {
    let scene = Scene::new(1);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let hook = ["--webhook-url", "http://localhost/", "--webhook-listen"];
    let said = expect(scene.enrich().args(hook).arg(address), 2);
    assert!(said.contains("choose another --webhook-listen"), "{said}");
    // The API must know where to deliver.
    expect(scene.enrich().args(["--webhook-listen", "127.0.0.1:0"]), 2);
    expect(scene.enrich().args(["--webhook-url", "mailto:a@b"]), 2);
    assert_eq!(scene.mock.stats().submissions, 0);
}
