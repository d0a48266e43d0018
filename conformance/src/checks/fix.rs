//! What has to be changed where a clause is violated, a line for each side. The clause itself is in its check.

use super::worded::worded;

/// What to change where a clause is violated. Like a clause, a line has the names of constants for the document's values.
#[derive(Debug, Clone, Copy)]
pub struct Fix {
    server: Option<&'static str>,
    client: Option<&'static str>,
}

impl Fix {
    /// Of a clause that concerns servers alone.
    pub(super) const fn in_server(server: &'static str) -> Self {
        Self {
            server: Some(server),
            client: None,
        }
    }

    /// Of a clause that is a client's.
    pub(super) const fn in_client(client: &'static str) -> Self {
        Self {
            server: None,
            client: Some(client),
        }
    }

    /// Of a server's clause that a client has to know.
    pub(super) const fn in_both(server: &'static str, client: &'static str) -> Self {
        Self {
            server: Some(server),
            client: Some(client),
        }
    }

    /// What whoever is judged by the clause must change: the author of a server, or of a client where the clause is a
    /// client's.
    pub fn of_the_judged(&self) -> String {
        self.server().or_else(|| self.client()).unwrap_or_default()
    }

    /// What the author of a server must change; `None` where the clause is a client's.
    pub fn server(&self) -> Option<String> {
        self.server.map(worded)
    }

    /// What the author of a client must do, where the clause concerns clients.
    pub fn client(&self) -> Option<String> {
        self.client.map(worded)
    }
}
