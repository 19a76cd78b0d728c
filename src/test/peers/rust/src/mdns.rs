//! Finds peers on the link by multicast DNS and is found there; dials nobody.

use std::{collections::HashMap, io};

use libp2p::{
    PeerId,
    mdns::{Config, Event, tokio::Behaviour},
};
use serde_json::json;

use crate::output::emit;

pub fn behaviour(wanted: bool, peer: PeerId) -> io::Result<Option<Behaviour>> {
    wanted.then(|| Behaviour::new(Config::default(), peer)).transpose()
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
