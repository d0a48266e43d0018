//! The server, a process of its own: it accepts each submission with a new id and the headers that are documented, and has
//! files of any size.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header;
use axum::routing::{get, post};
use crustdata_batch::Uuid;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::SERVE;

/// Compressed, these are about 1 MB.
pub(crate) const RECORDS_IN_UNIT: usize = 17_000;

/// Ends with this one.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .arg(SERVE)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .take(100)
            .read_line(&mut url)
            .unwrap();
        Self {
            url: url.trim().to_owned(),
            process,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) async fn serve() {
    let unit = Bytes::from(unit());
    let submit = async |_: Bytes| {
        let id = Uuid::new_v4();
        let accepted = json!({
            "batch_id": id, "status": "pending", "entity": "person", "action": "contact_enrich",
            "identifier_count": 1, "entities_requested": 1, "status_url": format!("/batch/{id}"),
        });
        let headers = [
            (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
            ("x-request-id", Uuid::new_v4().to_string()),
            ("x-ratelimit-limit", "15".to_owned()),
            // There is always room, so that nobody waits.
            ("x-ratelimit-remaining", "14".to_owned()),
            ("x-ratelimit-reset", "60".to_owned()),
        ];
        (headers, accepted.to_string())
    };
    let download = async move |Path(units): Path<usize>| {
        let units = std::iter::repeat_n(Ok::<_, std::convert::Infallible>(unit.clone()), units);
        Body::from_stream(futures_util::stream::iter(units))
    };
    let routes = Router::new()
        .route("/batch/person/contact/enrich", post(submit))
        .route("/store/{units}", get(download));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, routes).await.unwrap();
}

/// One archive of records with contacts that are all different.
pub(crate) fn unit() -> Vec<u8> {
    let mut random = 7_u64;
    let mut next = || {
        // Xorshift: the same records in both processes.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    for n in 0..RECORDS_IN_UNIT {
        let record: Value = json!({
            "original_identifier": format!("https://www.linkedin.com/in/nobody-{:x}/", next()),
            "internal_id": n,
            "data": {
                "business_email": [{"email": format!("{:x}@example.com", next()), "status": "deliverable"}],
                "personal_contact_info": {
                    "personal_emails": [
                        {"email": format!("{:x}@example.com", next()), "status": "catch_all"},
                        {"email": format!("{:x}@example.com", next()), "status": "unknown"},
                    ],
                    "phone_numbers": [format!("+1 202 555 {:04}", next() % 10_000)],
                },
            },
        });
        writeln!(encoder, "{record}").unwrap();
    }
    encoder.finish().unwrap()
}
