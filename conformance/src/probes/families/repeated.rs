//! Keys that stand twice in a body, each time with a value that breaks the same rule: whichever a server goes by, it must
//! refuse. What becomes of one good and one bad value is open, and not sent.

use serde_json::{Value, json};

use crate::generated::contract::submit::{chunk_size, fields, identifiers};
use crate::probes::draft::{Group, draft, object, raw};
use crate::probes::profile_urls::profile_urls;
use crate::probes::submission::Contents;
use crate::probes::words::OTHER_IDENTIFIERS;

pub(super) fn groups() -> Vec<Group> {
    let (min, max) = (i64::from(chunk_size::MIN), i64::from(chunk_size::MAX));
    let good = fields::VALUES[0];
    let pairs = [
        ("chunk_size", json!(min - 1), json!(max + 1)),
        ("fields", json!(["home_address"]), json!("home_address")),
        ("chunk_size", json!(max + 1), json!(max + 1)),
        ("fields", json!([]), json!("")),
        (
            "fields",
            json!([good, "home_address"]),
            json!([good, "fax"]),
        ),
        ("chunk_size", json!(0), json!(-1)),
    ];
    let twice = pairs.into_iter().map(|(key, first, second)| {
        draft(format!("`{key}` twice"), move |submission, salt| {
            let mut object = object(&Contents::plain(salt));
            object.shift_remove(key);
            let rest = Value::Object(object).to_string();
            let rest = rest.strip_prefix('{').unwrap_or_default();
            submission.body = raw(format!(r#"{{"{key}":{first},"{key}":{second},{rest}"#));
        })
    });
    let too_many = draft("too many identifiers, twice", |submission, salt| {
        let urls: Vec<String> = profile_urls(salt, identifiers::MAX + 1).collect();
        let (key, urls) = (identifiers::KEY, json!(urls));
        submission.body = raw(format!(
            r#"{{"{key}":{urls},"fields":["{good}"],"{key}":{urls}}}"#,
            good = fields::VALUES[0]
        ));
    });
    let other = draft("another identifier, twice", |submission, salt| {
        let urls: Vec<String> = profile_urls(salt, 1).collect();
        let (key, urls) = (OTHER_IDENTIFIERS[0], json!(urls));
        submission.body = raw(format!(
            r#"{{"{key}":{urls},"{key}":{urls},"fields":["{good}"]}}"#,
            good = fields::VALUES[0]
        ));
    });
    vec![twice.chain([other, too_many]).collect()]
}
