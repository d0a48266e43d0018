//! The settings of a client: where the API is, who calls it, and over which connections. What the environment says of them
//! is in `environment`; they are checked in `build`.

mod build;
mod environment;

use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::SecretString;

use crate::api_key::ApiKey;
use crate::events::{Event, Events};
use crate::generated::contract::limits;
use crate::http_clients::ProxySetting;
#[cfg(feature = "results")]
use crate::results_hosts::Hosts;
use crate::tls;

/// Time for a connection to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for a call as a whole. A submission that times out may still be accepted, so it is generous.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Time without a byte of a results file.
#[cfg(feature = "results")]
const DOWNLOAD_IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Attempts in a row at a results file, which a store that is away for half a minute does not use up.
#[cfg(feature = "results")]
pub(crate) const DOWNLOAD_ATTEMPTS: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// The wait before the second attempt of a submission.
const SUBMIT_BACKOFF: Duration = Duration::from_secs(5);
/// The longest wait that the server is believed: twice the window that its headers are about.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(2 * 60);

/// Collects the settings of a [`Client`](crate::Client); checks them in [`build`](Self::build).
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: Option<ApiKey>,
    /// A secret: one with a password is refused, and must not be shown until then.
    base_url: Option<SecretString>,
    http: Option<tls::Configure>,
    proxy: ProxySetting,
    #[cfg(feature = "results")]
    results_hosts: Hosts,
    user_agent: Option<String>,
    connect_timeout: Duration,
    timeout: Duration,
    submit_timeout: Option<Duration>,
    #[cfg(feature = "results")]
    download_idle_timeout: Duration,
    #[cfg(feature = "results")]
    download_attempts: NonZeroU32,
    requests_per_minute: Option<NonZeroU32>,
    is_pace_ours: bool,
    max_active_jobs: Option<NonZeroU32>,
    longest_wait: Duration,
    events: Events,
    submit_attempts: NonZeroU32,
    submit_backoff: Duration,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            api_key: None,
            base_url: None,
            http: None,
            proxy: ProxySetting::default(),
            #[cfg(feature = "results")]
            results_hosts: Hosts::default(),
            user_agent: None,
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            submit_timeout: None,
            #[cfg(feature = "results")]
            download_idle_timeout: DOWNLOAD_IDLE_TIMEOUT,
            #[cfg(feature = "results")]
            download_attempts: DOWNLOAD_ATTEMPTS,
            requests_per_minute: NonZeroU32::new(limits::REQUESTS_PER_MINUTE),
            is_pace_ours: true,
            max_active_jobs: None,
            longest_wait: LONGEST_WAIT,
            events: Events::default(),
            submit_attempts: NonZeroU32::MIN,
            submit_backoff: SUBMIT_BACKOFF,
        }
    }
}

impl ClientBuilder {
    /// The account's key; required.
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.api_key = Some(key);
        self
    }

    /// Where the API is: an http or https URL, with a path if the API sits below one. The live API, if not set.
    ///
    /// The key is sent there. With http it goes unencrypted, which is meant for servers on this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into().into());
        self
    }

    /// Time for a connection to be made: 10 seconds, if not set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Time for a call as a whole, body included: 60 seconds, if not set. Waiting for the call's turn (see
    /// [`requests_per_minute`](Self::requests_per_minute)) is not part of it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Time for a submission as a whole: as for the other calls, if not set. One that times out may be accepted all
    /// the same, so don't set it short.
    pub fn submit_timeout(mut self, timeout: Duration) -> Self {
        self.submit_timeout = Some(timeout);
        self
    }

    /// Time without a single byte of a results file, after which the download goes on over a new connection: 60
    /// seconds, if not set. The download as a whole may take as long as it takes.
    #[cfg(feature = "results")]
    pub fn download_idle_timeout(mut self, timeout: Duration) -> Self {
        self.download_idle_timeout = timeout;
        self
    }

    /// Attempts at a results file that may fail in a row, without a byte in between, before the download ends: 10, if
    /// not set, which takes half a minute where each of them fails at once.
    ///
    /// The second one is made without delay. From then on the client waits an eighth of a second, and each time twice
    /// as long, or as long as the store asks for in `Retry-After`; never longer than a minute.
    #[cfg(feature = "results")]
    pub fn download_attempts(mut self, attempts: NonZeroU32) -> Self {
        self.download_attempts = attempts;
        self
    }

    /// Requests in any 60 seconds to assume while the server doesn't say: those of the API's other endpoints, if not
    /// set. `None` for no assumption. Calls beyond it wait for their turn; all clones of a client share it. Once the
    /// server sends its `x-ratelimit-*` headers, they are obeyed instead. Downloads don't count.
    pub fn requests_per_minute(mut self, requests: impl Into<Option<NonZeroU32>>) -> Self {
        self.requests_per_minute = requests.into();
        self.is_pace_ours = false;
        self
    }

    /// The longest that a call waits because the server asks for it, in `x-ratelimit-reset` or `Retry-After`: 2 minutes,
    /// if not set, which is twice the window of the rate limit. Where the server asks for more,
    /// [`Event::WaitShortened`] tells. A reset that is a point in time, and not a number of seconds, is recognised.
    ///
    /// Downloads have a limit of their own, of a minute.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Submits when fewer jobs than this are active, and waits until then: no limit, if not set. The API's own is in its
    /// documentation, and a submission beyond it is refused with 429.
    ///
    /// Before each submission the account's pending and processing jobs are counted in the list, which takes two requests,
    /// and again each [`submit_backoff`](Self::submit_backoff) as long as there are too many. Submissions of this client
    /// and its clones then go one after the other; other clients of the account may still come in between. Where the
    /// list can't be read, the submission is not sent, and fails with [`SubmitError::NotAccepted`](crate::SubmitError).
    pub fn max_active_jobs(mut self, jobs: impl Into<Option<NonZeroU32>>) -> Self {
        self.max_active_jobs = jobs.into();
        self
    }

    /// Calls this when the client does something by itself: it waits, or makes a request again. It runs in the middle of
    /// calls, so it must not take long. Replaces the one given before.
    ///
    /// ```
    /// # use crustdata_batch::Client;
    /// let builder = Client::builder().on_event(|event| eprintln!("{event:?}"));
    /// # let _ = builder;
    /// ```
    pub fn on_event(mut self, call: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.events = Events::new(call);
        self
    }

    /// How often a submission may be tried: once, if not set.
    ///
    /// It is repeated only where it is certain that it was not accepted: no connection could be made (unless
    /// [`http`](Self::http) changed how), or the response was 429 and named no job. See
    /// [`submit_backoff`](Self::submit_backoff) for the waits in between.
    pub fn submit_attempts(mut self, attempts: NonZeroU32) -> Self {
        self.submit_attempts = attempts;
        self
    }

    /// The wait before the second attempt of a submission: 5 seconds, if not set. Each that follows is twice as long,
    /// up to 15 minutes, and longer where the server asks for it (see [`longest_wait`](Self::longest_wait)).
    pub fn submit_backoff(mut self, wait: Duration) -> Self {
        self.submit_backoff = wait;
        self
    }

    /// How the client names itself to servers: as this crate and its version, if not set.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Sends requests through this proxy, an http or https URL, instead of the one that the environment names
    /// (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    ///
    /// With an https base URL the proxy sees the API's host name and no more: the request, and with it the key, goes
    /// through a tunnel. With an http base URL it sees all of it, the key as well. What is on this machine (`localhost`,
    /// 127.0.0.0/8, ::1), be it the API or the store of results, is never asked through a proxy.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = ProxySetting::Url(url.into().into());
        self
    }

    /// Sends requests through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxySetting::Direct;
        self
    }

    /// Fetches results from these hosts only, redirects of the store included: any host that a job links to, if not
    /// set. A name stands for itself, and `*.example.com` for all below `example.com`. Ports don't count. A link without
    /// a host leads to the API's own, which is no exception.
    #[cfg(feature = "results")]
    pub fn results_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.results_hosts = Hosts::only(hosts);
        self
    }

    /// Changes how the HTTP client is set up: resolver, proxies, certificates, and whatever else reqwest offers. It gets
    /// the builder as this crate sets it up, TLS included; a TLS backend that it sets takes the place of that one.
    ///
    /// Redirects and retries stay off, whatever it sets: the key belongs to the API alone, and a submission must not be
    /// sent twice. The time-outs set here go before its own, except that for connections. Since nobody can tell what it
    /// puts between this crate and the network, no submission that was handed over is certain not to have been sent: a
    /// connection that can't be made is an unknown outcome.
    ///
    /// Without a feature for TLS the builder has none, and it is up to this to set one.
    ///
    /// ```
    /// use crustdata_batch::{ApiKey, Client};
    ///
    /// let client = Client::builder()
    ///     .api_key(ApiKey::new("k-123")?)
    ///     .http(|builder| builder.tcp_nodelay(true).pool_max_idle_per_host(1))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http = Some(tls::Configure::new(configure));
        self
    }
}
