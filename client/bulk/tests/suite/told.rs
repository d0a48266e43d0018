//! What a server may say instead of the truth, each for one test. The server that says it is in `between`.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

/// What becomes of a response to this path: its status and its body.
pub(crate) type Tell = fn(&str, u16, Vec<u8>) -> (u16, Vec<u8>);

/// The list's jobs, changed.
fn with_jobs(body: &[u8], change: impl Fn(&mut Vec<Value>)) -> Vec<u8> {
    let mut page: Value = serde_json::from_slice(body).unwrap();
    change(page["jobs"].as_array_mut().unwrap());
    page.to_string().into_bytes()
}

/// Jobs are in no list, and the server fails when it is asked for one.
pub(crate) fn lost(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match path {
        _ if path.starts_with("/batch?") => (status, with_jobs(&body, Vec::clear)),
        _ => failing(path, status, body),
    }
}

/// Jobs are in no list any more, and are gone.
pub(crate) fn gone(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match lost(path, status, body) {
        (500, body) => (410, body),
        other => other,
    }
}

/// The server fails when it is asked for a job.
pub(crate) fn failing(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match path {
        _ if path.starts_with("/batch/") && !path.contains("/person/") => (500, Vec::new()),
        _ => (status, body),
    }
}

/// Submissions are not let through.
pub(crate) fn closed(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match path.contains("/person/") {
        true => (405, Vec::new()),
        false => (status, body),
    }
}

/// All jobs in the list are at work.
pub(crate) fn late(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if !path.starts_with("/batch?") {
        return (status, body);
    }
    let late = |jobs: &mut Vec<Value>| {
        for job in jobs {
            job["status"] = "processing".into();
        }
    };
    (status, with_jobs(&body, late))
}

/// Jobs, in the list and by themselves, changed.
fn with_each_job(path: &str, body: Vec<u8>, change: impl Fn(&mut Value)) -> Vec<u8> {
    match path {
        _ if path.starts_with("/batch?") => {
            with_jobs(&body, |jobs| jobs.iter_mut().for_each(&change))
        }
        _ if path.starts_with("/batch/") && !path.contains("/person/") => {
            let mut job = serde_json::from_slice(&body).unwrap();
            change(&mut job);
            job.to_string().into_bytes()
        }
        _ => body,
    }
}

/// Jobs have a zero where they have no count.
pub(crate) fn uncounted(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    let uncounted = |job: &mut Value| {
        job["result_count"] = 0.into();
        job["entities_fulfilled"] = 0.into();
    };
    (status, with_each_job(path, body, uncounted))
}

/// Jobs that are completed have a status that nobody has heard of, and no time.
pub(crate) fn unheard_of(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    let unheard_of = |job: &mut Value| {
        if job["status"] == "completed" {
            job["status"] = "partially_completed".into();
            job["completed_at"] = Value::Null;
        }
    };
    (status, with_each_job(path, body, unheard_of))
}

/// The list has jobs of others, each of them twice.
pub(crate) fn twice(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if !path.starts_with("/batch?") {
        return (status, body);
    }
    let twice = |jobs: &mut Vec<Value>| {
        for n in [1, 2, 3, 1, 2, 3] {
            let id = crustdata_batch::Uuid::from_u128(n).to_string();
            jobs.push(serde_json::json!({
                "batch_id": id, "status": "processing", "entity": "person", "action": "contact_enrich",
            }));
        }
    };
    (status, with_jobs(&body, twice))
}

/// Records have contacts with nothing in them.
pub(crate) fn blank(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path.starts_with("/batch") || path.starts_with("/account") {
        return (status, body);
    }
    let mut lines = String::new();
    GzDecoder::new(&*body).read_to_string(&mut lines).unwrap();
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines.lines() {
        let mut record: Value = serde_json::from_str(line).unwrap();
        let emails = serde_json::json!([{"email": "", "status": "unknown"}]);
        let personal = serde_json::json!({"personal_emails": emails, "phone_numbers": [" "]});
        record["data"] =
            serde_json::json!({"business_email": emails, "personal_contact_info": personal});
        writeln!(file, "{record}").unwrap();
    }
    (status, file.finish().unwrap())
}

/// Files have a record of one and the same person on each line, and no end.
pub(crate) fn endless(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path.starts_with("/batch") || path.starts_with("/account") {
        return (status, body);
    }
    let line = "{\"original_identifier\":\"https://www.linkedin.com/in/nobody\",\"data\":{}}\n";
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    file.write_all(line.repeat(4000).as_bytes()).unwrap();
    file.flush().unwrap();
    (200, file.get_ref().clone())
}
