//! Which addresses a shop's name may stand for.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use crate::webhook::{AllowedHost, ResolveNames, may_connect};

/// Resolves a name once for each connection, and lets nothing through that the shop may not be.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) url: Url,
    pub(super) allowed: Vec<AllowedHost>,
    pub(super) names: Arc<dyn ResolveNames>,
}

impl Guard {
    pub(super) fn refusal(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        format!(
            "{host} is in this machine or in a private network: the owner can allow this host in the \
             shop's set-up"
        )
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, url, allowed) =
            (Arc::clone(&self.names), self.url.clone(), self.allowed.clone());
        let refusal = self.refusal();
        Box::pin(async move {
            let found = names.resolve(name.as_str()).await?;
            if found.is_empty() {
                return Err(io::Error::other("there is no such host").into());
            }
            // Any other name is that of the proxy, which whoever set this machine up has chosen: nothing
            // is redirected, and no request is built for another host.
            let is_shop =
                url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(name.as_str()));
            if is_shop && !may_connect(&url, &allowed, &found) {
                return Err(io::Error::other(refusal).into());
            }
            // The port is that of the address.
            let all: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(all)
        })
    }
}
