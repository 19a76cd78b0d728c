//! AutoNAT v1 and v2, server and client, that take loopback for a network like any other.

use std::time::Duration;

use libp2p::{
    PeerId,
    autonat::{Behaviour, Config, Event, OutboundProbeEvent, v2},
};
use serde_json::json;

use crate::output::emit;

/// Asks connected servers again and again, and serves.
pub fn v1(versions: &str, peer: PeerId) -> Option<Behaviour> {
    versions.contains('1').then(|| {
        Behaviour::new(
            peer,
            Config {
                boot_delay: Duration::from_millis(500),
                retry_interval: Duration::from_secs(1),
                throttle_server_period: Duration::from_secs(1),
                only_global_ips: false,
                ..Config::default()
            },
        )
    })
}

/// Asks about each address that identify brings up, the library's way: one that this peer listens on and dials from.
pub fn v2_client(versions: &str) -> Option<v2::client::Behaviour> {
    versions.contains('2').then(v2::client::Behaviour::default)
}

pub fn v2_server(versions: &str) -> Option<v2::server::Behaviour> {
    versions.contains('2').then(v2::server::Behaviour::default)
}

pub fn tell_v1(event: Event) {
    match event {
        Event::OutboundProbe(OutboundProbeEvent::Response { peer, address, .. }) => {
            emit("autonat1", json!({"peer": peer.to_string(), "addr": address.to_string(), "status": "OK"}));
        }
        Event::OutboundProbe(OutboundProbeEvent::Error { peer: Some(peer), error, .. }) => {
            emit("autonat1", json!({"peer": peer.to_string(), "status": format!("{error:?}")}));
        }
        _ => {}
    }
}

pub fn tell_v2(event: v2::client::Event) {
    let status = event.result.map_or_else(|error| error.to_string(), |()| "OK".into());
    emit(
        "autonat2",
        json!({
            "peer": event.server.to_string(),
            "addr": event.tested_addr.to_string(),
            "bytes": event.bytes_sent,
            "status": status,
        }),
    );
}
