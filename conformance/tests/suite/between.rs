//! A proxy between a client and a server, and what it says.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::{CHECKS, Check};
use crustdata_conformance::proxy::{Limits, Passed, Proxy, ProxyConfig, Tell};
use crustdata_conformance::results::{Results, Rules};
use crustdata_conformance::traffic::Traffic;
use crustdata_mock::{Clock, MOCK_KEY, Mock, MockConfig};
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpStream;
use url::Url;

use crate::mock_fixture::{client, read};

/// Bytes that were written, for whoever looks.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A proxy, and what it says.
pub(crate) struct Between {
    pub(crate) proxy: Proxy,
    pub(crate) client: Client,
    har: Written,
    told: Written,
}

impl Between {
    pub(crate) async fn with(upstream: Url, limits: Option<Limits>, rewrite_links: bool) -> Self {
        Self::start(upstream, limits, rewrite_links, CHECKS, None).await
    }

    /// Judges by these checks; what is found is told to `tell`, where there is one.
    pub(crate) async fn start(
        upstream: Url,
        limits: Option<Limits>,
        rewrite_links: bool,
        checks: &[&'static Check],
        tell: Option<Tell>,
    ) -> Self {
        let har = Written::default();
        let mut traffic = Traffic::new(Assessment::new(checks, None), Some(&upstream));
        traffic.record(har.clone(), &upstream);
        Self::judging(upstream, limits, rewrite_links, traffic, har, tell).await
    }

    /// Records to `out`, and only watches.
    pub(crate) async fn recording(upstream: Url, out: impl Write + Send + 'static) -> Self {
        let mut traffic = Traffic::new(Assessment::new(CHECKS, None), Some(&upstream));
        traffic.record(out, &upstream);
        Self::judging(upstream, None, false, traffic, Written::default(), None).await
    }

    async fn judging(
        upstream: Url,
        limits: Option<Limits>,
        rewrite_links: bool,
        traffic: Traffic,
        har: Written,
        tell: Option<Tell>,
    ) -> Self {
        let told = Written::default();
        let config = ProxyConfig {
            upstream,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            limits,
            rewrite_links,
        };
        let to_told = || -> Tell {
            let mut told = told.clone();
            Box::new(move |line| writeln!(told, "{line}").unwrap())
        };
        let tell = tell.unwrap_or_else(to_told);
        let proxy = Proxy::start(config, traffic, tell, to_told())
            .await
            .unwrap();
        Self {
            proxy,
            client: client(),
            har,
            told,
        }
    }

    /// A connection to the proxy, for bytes.
    pub(crate) async fn connect(&self) -> TcpStream {
        let address = self.proxy.base_url().socket_addrs(|| None).unwrap()[0];
        TcpStream::connect(address).await.unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.proxy.base_url().join(path).unwrap()
    }

    pub(crate) async fn submit(&self, body: &Value) -> reqwest::Response {
        let request = self.client.post(self.url("/batch/person/contact/enrich"));
        let request = request
            .bearer_auth(MOCK_KEY)
            .header("x-api-version", "2025-11-01");
        let request = request.header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = self.client.get(self.url(path)).bearer_auth(MOCK_KEY);
        read(
            request
                .header("x-api-version", "2025-11-01")
                .send()
                .await
                .unwrap(),
        )
        .await
        .1
    }

    /// Submits, and polls until the job is over.
    pub(crate) async fn job(&self, body: &Value) -> Value {
        let (status, job) = read(self.submit(body).await).await;
        assert!(status.is_success(), "{job}");
        let path = format!("/batch/{}", job["batch_id"].as_str().unwrap());
        loop {
            let job = self.get(&path).await;
            if job["status"] == "completed" {
                return job;
            }
        }
    }

    pub(crate) async fn stop(self) -> (Passed, Written, Written) {
        drop(self.client);
        (self.proxy.stop().await, self.har, self.told)
    }
}

pub(crate) fn results(passed: Passed) -> Results {
    let mut traffic = passed.traffic.expect("judging did not fail");
    traffic.finish_recording().unwrap();
    Results::of_exchanges("", traffic.finish().0, &Rules::default())
}

pub(crate) async fn mock(fault: &[&str]) -> Mock {
    let config = MockConfig {
        clock: Clock::Ticking(Duration::from_secs(30)),
        faults: fault
            .iter()
            .map(|name| crustdata_mock::find(name).unwrap())
            .collect(),
        ..MockConfig::default()
    };
    config.start().await.unwrap()
}
