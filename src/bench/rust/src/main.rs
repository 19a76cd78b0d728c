//! The rival on rust-libp2p: a relay without limits and a DHT server, over TCP, Noise and Yamux.
//!
//! `relay KEY-FILE LISTEN-ADDRESS KAD-PROTOCOL`

use std::{env, error::Error, fs, time::Duration};

use futures::StreamExt;
use libp2p::{
    Multiaddr, StreamProtocol, Swarm, SwarmBuilder, identify, identity,
    kad::{self, store::MemoryStore},
    noise, ping, relay,
    swarm::{NetworkBehaviour, SwarmEvent},
    tcp, yamux,
};
use tokio::signal::unix::{SignalKind, signal};

/// No connection is closed for being idle while a bench runs.
const IDLE: Duration = Duration::from_secs(86_400);

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    relay: relay::Behaviour,
    kad: kad::Behaviour<MemoryStore>,
}

/// A relay with no limit but the longest circuit the protocol can express.
fn unlimited() -> relay::Config {
    relay::Config {
        max_reservations: usize::MAX,
        max_reservations_per_peer: usize::MAX,
        reservation_duration: Duration::from_secs(3600),
        reservation_rate_limiters: Vec::new(),
        max_circuits: usize::MAX,
        max_circuits_per_peer: usize::MAX,
        max_circuit_duration: Duration::from_secs(u32::MAX.into()),
        max_circuit_bytes: 0,
        circuit_src_rate_limiters: Vec::new(),
    }
}

fn behaviour(key: &identity::Keypair, kad_protocol: StreamProtocol) -> Behaviour {
    let peer = key.public().to_peer_id();
    let mut kad = kad::Behaviour::with_config(peer, MemoryStore::new(peer), kad::Config::new(kad_protocol));
    // A server whatever the library thinks of its addresses.
    kad.set_mode(Some(kad::Mode::Server));
    Behaviour {
        identify: identify::Behaviour::new(
            identify::Config::new("/chiral-bench/1.0.0".into(), key.public()).with_agent_version("chiral-bench/rust".into()),
        ),
        ping: ping::Behaviour::default(),
        relay: relay::Behaviour::new(peer, unlimited()),
        kad,
    }
}

fn swarm(key: identity::Keypair, kad_protocol: StreamProtocol) -> Result<Swarm<Behaviour>, Box<dyn Error>> {
    Ok(SwarmBuilder::with_existing_identity(key)
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)?
        .with_behaviour(|key| behaviour(key, kad_protocol))?
        .with_swarm_config(|config| config.with_idle_connection_timeout(IDLE))
        .build())
}

fn on_event(swarm: &mut Swarm<Behaviour>, event: SwarmEvent<BehaviourEvent>) {
    match event {
        SwarmEvent::NewListenAddr { address, .. } => {
            // Hop is told in identify, and an address in a reservation, only with an external address.
            swarm.add_external_address(address);
            println!("{{\"event\":\"listening\",\"peer\":\"{}\"}}", swarm.local_peer_id());
        }
        SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
            let kad = &mut swarm.behaviour_mut().kad;
            if info.protocols.iter().any(|protocol| kad.protocol_names().contains(protocol)) {
                for address in info.listen_addrs {
                    kad.add_address(&peer_id, address);
                }
            }
        }
        _ => {}
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [key_file, listen, kad_protocol] = arguments.as_slice() else {
        return Err("usage: relay KEY-FILE LISTEN-ADDRESS KAD-PROTOCOL".into());
    };
    let key = identity::Keypair::from_protobuf_encoding(&fs::read(key_file)?)?;
    let mut swarm = swarm(key, StreamProtocol::try_from_owned(kad_protocol.clone())?)?;
    swarm.listen_on(listen.parse::<Multiaddr>()?)?;
    let mut stop = signal(SignalKind::terminate())?;
    loop {
        tokio::select! {
            event = swarm.select_next_some() => on_event(&mut swarm, event),
            _ = stop.recv() => return Ok(()),
        }
    }
}
