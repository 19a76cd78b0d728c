//! Finds peers on the link by multicast DNS and is found there; dials nobody.

use std::{collections::HashMap, io};

use libp2p::{
    PeerId,
    mdns::{Config, Event, tokio::Behaviour},
};
use serde_json::json;

use crate::output::emit;

/// Where to look. The library asks on one of the two only.
#[derive(Clone, Copy)]
pub enum Links {
    Ip4,
    Ip6,
}

pub fn behaviour(wanted: Option<Links>, peer: PeerId) -> io::Result<Option<Behaviour>> {
    wanted
        .map(|links| {
            Behaviour::new(Config { enable_ipv6: matches!(links, Links::Ip6), ..Config::default() }, peer)
        })
        .transpose()
}

pub fn tell(event: Event) {
    if let Event::Discovered(found) = event {
        let mut addrs: HashMap<PeerId, Vec<String>> = HashMap::new();
        for (peer, addr) in found {
            addrs.entry(peer).or_default().push(addr.to_string());
        }
        for (peer, addrs) in addrs {
            emit("mdns", json!({"peer": peer.to_string(), "addrs": addrs}));
        }
    }
}
