//! A program that depends on this crate, and on reqwest for purposes of its own: what features this crate turns on in
//! reqwest must not break it. Cargo unites features, so it takes a package outside of the workspace to see that.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const PROGRAM: &str = r#"
fn main() {
    reqwest::Client::builder().build().expect("an HTTP client of the program's own");
    let key = crustdata_batch::ApiKey::new("k").expect("a key");
    crustdata_batch::Client::builder().api_key(key).build().expect("a client of this crate");
}
"#;

/// As in the program of somebody who talks plain http, and has no TLS of his own.
#[test]
fn a_reqwest_client_of_the_users_own_can_be_built() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = here.join("../Cargo.lock");
    // Where the crate was unpacked from a registry, there is no lock to do without the network with.
    if !lock.is_file() {
        return;
    }
    // Beside what this test is built into, so that most of it is built already.
    let target = env::current_exe().unwrap();
    let target = target.ancestors().nth(3).unwrap();
    let package = target.join("users-reqwest");
    fs::create_dir_all(package.join("src")).unwrap();
    fs::copy(lock, package.join("Cargo.lock")).unwrap();
    fs::write(package.join("src/main.rs"), PROGRAM).unwrap();
    let manifest = format!(
        "[package]\nname = \"users-reqwest\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         crustdata-batch = {{ path = {here:?} }}\n\
         reqwest = {{ version = \"0.13\", default-features = false }}\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}
