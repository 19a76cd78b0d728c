//! The swarm, its events, and what commands ask of it.

use std::{collections::HashMap, time::Duration};

use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Stream, StreamProtocol, Swarm, SwarmBuilder,
    core::{ConnectedPoint, multiaddr::Protocol, transport::ListenerId},
    dcutr, identify, identity, noise, ping, relay,
    swarm::{
        ConnectionId, NetworkBehaviour, SwarmEvent,
        behaviour::toggle::Toggle,
        dial_opts::{DialOpts, PeerCondition},
    },
    tcp, yamux,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

use crate::{
    kad,
    autonat, mdns,
    output::{Failure, emit},
    protocols, streams,
};

pub struct Config {
    pub seed: u64,
    pub listen: Vec<Multiaddr>,
    pub agent: String,
    pub relay: bool,
    pub holepunch: bool,
    pub kad: Option<StreamProtocol>,
    /// The versions of AutoNAT to serve and to ask for: 1, 2 or 12.
    pub autonat: String,
    pub mdns: Option<mdns::Links>,
}

pub type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// What a command asks of the swarm, which only one task may touch.
pub enum Ask {
    Connect(Multiaddr, Reply<Value>),
    Disconnect(PeerId, Reply<Value>),
    /// Accept circuits from the relay at this address.
    Listen(Multiaddr, Reply<()>),
    Identify(PeerId, Reply<Value>),
    Open(PeerId, StreamProtocol, protocols::Opened),
    Peers(Reply<Value>),
    Kad(kad::Search, Reply<Value>),
}

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    client: relay::client::Behaviour,
    relay: Toggle<relay::Behaviour>,
    dcutr: Toggle<dcutr::Behaviour>,
    kad: Toggle<kad::Behaviour>,
    autonat1: Toggle<libp2p::autonat::Behaviour>,
    autonat2_client: Toggle<libp2p::autonat::v2::client::Behaviour>,
    autonat2_server: Toggle<libp2p::autonat::v2::server::Behaviour>,
    mdns: Toggle<libp2p::mdns::tokio::Behaviour>,
    protocols: protocols::Behaviour,
}

struct Connection {
    relayed: bool,
    fields: Value,
}

pub struct Node {
    swarm: Swarm<Behaviour>,
    connections: HashMap<PeerId, HashMap<ConnectionId, Connection>>,
    dials: HashMap<ConnectionId, Reply<Value>>,
    identified: HashMap<PeerId, Value>,
    identify_waits: Vec<(PeerId, Reply<Value>)>,
    /// The listener of each relay that holds a reservation of ours.
    reservations: HashMap<PeerId, ListenerId>,
    listen_waits: HashMap<ListenerId, Reply<()>>,
    /// Whether the last circuit through this relay, or from this source, has a limit: the event that tells comes before
    /// the connection inside the circuit is up, and without its id.
    limited: HashMap<PeerId, bool>,
    searches: kad::Searches,
}

/// The Ed25519 key of a seed. The three languages derive the same key from the same seed.
fn identity(seed: u64) -> identity::Keypair {
    if seed == 0 {
        return identity::Keypair::generate_ed25519();
    }
    let secret = Sha256::digest(format!("chiral-test-peer/{seed}"));
    identity::Keypair::ed25519_from_bytes(<[u8; 32]>::from(secret)).expect("32 bytes make a key")
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

impl Node {
    /// Makes the swarm and returns when it listens; "ready" is then written.
    pub async fn start(
        config: Config,
        incoming: mpsc::UnboundedSender<protocols::Incoming>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let served = vec![streams::ECHO, streams::SINK, streams::HOLD, streams::STALL];
        let key = identity(config.seed);
        let mdns = mdns::behaviour(config.mdns, key.public().to_peer_id())?;
        let mut swarm = SwarmBuilder::with_existing_identity(key)
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)?
            .with_relay_client(noise::Config::new, yamux::Config::default)?
            .with_behaviour(|key, client| Behaviour {
                identify: identify::Behaviour::new(
                    identify::Config::new("/chiral-test/1.0.0".into(), key.public()).with_agent_version(config.agent),
                ),
                ping: ping::Behaviour::default(),
                client,
                kad: config.kad.clone().map(|id| kad::behaviour(key.public().to_peer_id(), id)).into(),
                relay: config.relay.then(|| relay::Behaviour::new(key.public().to_peer_id(), unlimited())).into(),
                dcutr: config.holepunch.then(|| dcutr::Behaviour::new(key.public().to_peer_id())).into(),
                autonat1: autonat::v1(&config.autonat, key.public().to_peer_id()).into(),
                autonat2_client: autonat::v2_client(&config.autonat).into(),
                autonat2_server: autonat::v2_server(&config.autonat).into(),
                mdns: mdns.into(),
                protocols: protocols::Behaviour::new(served, incoming),
            })?
            // Idle connections stay: a test decides when one ends.
            .with_swarm_config(|c| c.with_idle_connection_timeout(Duration::from_secs(86_400)))
            .build();

        let mut addrs = Vec::new();
        for addr in config.listen {
            let listener = swarm.listen_on(addr)?;
            loop {
                match swarm.select_next_some().await {
                    SwarmEvent::NewListenAddr { listener_id, address } if listener_id == listener => {
                        if config.relay || config.kad.is_some() {
                            // The library vouches for confirmed external addresses only.
                            swarm.add_external_address(address.clone());
                        }
                        addrs.push(format!("{address}/p2p/{}", swarm.local_peer_id()));
                        break;
                    }
                    SwarmEvent::ListenerClosed { reason, .. } => reason?,
                    _ => {}
                }
            }
        }
        emit("ready", json!({"peer": swarm.local_peer_id().to_string(), "addrs": addrs}));
        Ok(Node {
            swarm,
            connections: HashMap::new(),
            dials: HashMap::new(),
            identified: HashMap::new(),
            identify_waits: Vec::new(),
            reservations: HashMap::new(),
            listen_waits: HashMap::new(),
            limited: HashMap::new(),
            searches: kad::Searches::new(config.kad),
        })
    }

    pub async fn run(mut self, mut asks: mpsc::Receiver<Ask>) {
        loop {
            tokio::select! {
                ask = asks.recv() => match ask {
                    Some(ask) => self.answer(ask),
                    None => return,
                },
                event = self.swarm.select_next_some() => self.on_event(event),
            }
        }
    }

    // A reply fails only when its command has timed out, so those failures are ignored throughout.
    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Connect(addr, reply) => self.connect(addr, reply),
            Ask::Disconnect(peer, reply) => {
                let done = self.swarm.disconnect_peer_id(peer).map_err(|()| "not connected".into());
                let _ = reply.send(done.map(|()| json!({})));
            }
            Ask::Listen(relay, reply) => self.listen(relay, reply),
            Ask::Identify(peer, reply) => match self.identified.get(&peer) {
                Some(info) => { let _ = reply.send(Ok(info.clone())); }
                None if self.connections.contains_key(&peer) => self.identify_waits.push((peer, reply)),
                None => { let _ = reply.send(Err("not connected".into())); }
            },
            Ask::Open(peer, protocol, opened) => self.swarm.behaviour_mut().protocols.open(peer, protocol, opened),
            Ask::Peers(reply) => {
                let peers: Vec<_> = self.swarm.connected_peers().map(|p| p.to_string()).collect();
                let _ = reply.send(Ok(json!({"peers": peers})));
            }
            Ask::Kad(search, reply) => match self.swarm.behaviour_mut().kad.as_mut() {
                Some(kad) => self.searches.begin(kad, search, reply),
                None => { let _ = reply.send(Err("needs --kad".into())); }
            },
        }
    }

    /// Dials unless a connection of the same kind, direct or circuit, is there.
    fn connect(&mut self, addr: Multiaddr, reply: Reply<Value>) {
        let Some(Protocol::P2p(peer)) = addr.iter().last() else {
            let _ = reply.send(Err("the address does not end in /p2p/ID".into()));
            return;
        };
        let relayed = is_relayed(&addr);
        let open = self.connections.get(&peer).and_then(|c| c.values().find(|c| c.relayed == relayed));
        if let Some(open) = open {
            let _ = reply.send(Ok(open.fields.clone()));
            return;
        }
        let dial = DialOpts::peer_id(peer).addresses(vec![addr]).condition(PeerCondition::Always).build();
        let id = dial.connection_id();
        match self.swarm.dial(dial) {
            Ok(()) => { self.dials.insert(id, reply); }
            Err(error) => { let _ = reply.send(Err(error.into())); }
        }
    }

    fn listen(&mut self, relay: Multiaddr, reply: Reply<()>) {
        let Some(Protocol::P2p(peer)) = relay.iter().last() else {
            let _ = reply.send(Err("the address does not end in /p2p/ID".into()));
            return;
        };
        if self.reservations.contains_key(&peer) {
            let _ = reply.send(Ok(()));
            return;
        }
        match self.swarm.listen_on(relay.with(Protocol::P2pCircuit)) {
            Ok(listener) => {
                self.reservations.insert(peer, listener);
                self.listen_waits.insert(listener, reply);
            }
            Err(error) => { let _ = reply.send(Err(error.into())); }
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let connection = self.describe(peer_id, &endpoint);
                emit("connected", connection.fields.clone());
                if let Some(reply) = self.dials.remove(&connection_id) {
                    let _ = reply.send(Ok(connection.fields.clone()));
                }
                self.connections.entry(peer_id).or_default().insert(connection_id, connection);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, cause, .. } => {
                if let Some(mut closed) = self.connections.get_mut(&peer_id).and_then(|c| c.remove(&connection_id)) {
                    if let Some(cause) = cause {
                        closed.fields["error"] = format!("{cause:?}").into();
                    }
                    emit("connection-closed", closed.fields);
                }
                if num_established == 0 {
                    self.connections.remove(&peer_id);
                    self.identified.remove(&peer_id);
                    self.identify_waits.retain(|(peer, _)| *peer != peer_id);
                    emit("disconnected", json!({"peer": peer_id.to_string()}));
                }
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(reply) = self.dials.remove(&connection_id) {
                    let _ = reply.send(Err(Failure::of_relay(error)));
                }
            }
            SwarmEvent::NewListenAddr { listener_id, .. } => {
                if let Some(reply) = self.listen_waits.remove(&listener_id) {
                    let _ = reply.send(Ok(()));
                }
            }
            SwarmEvent::ListenerClosed { listener_id, reason, .. } => {
                self.reservations.retain(|_, listener| *listener != listener_id);
                if let Some(reply) = self.listen_waits.remove(&listener_id) {
                    let _ = reply.send(Err(match reason {
                        Err(error) => Failure::of_relay(error),
                        Ok(()) => "the relay connection ended".into(),
                    }));
                }
            }
            SwarmEvent::Behaviour(BehaviourEvent::Client(event)) => match event {
                relay::client::Event::OutboundCircuitEstablished { relay_peer_id: peer, limit }
                | relay::client::Event::InboundCircuitEstablished { src_peer_id: peer, limit } => {
                    self.limited.insert(peer, limit.is_some());
                }
                relay::client::Event::ReservationReqAccepted { .. } => {}
            },
            SwarmEvent::Behaviour(BehaviourEvent::Dcutr(event)) => {
                let error = event.result.as_ref().err().map(|error| error.to_string());
                emit("dcutr", json!({"peer": event.remote_peer_id.to_string(), "ok": event.result.is_ok(), "error": error}));
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
                if let Some(kad) = self.swarm.behaviour_mut().kad.as_mut() {
                    self.searches.met(kad, peer_id, &info);
                }
                self.identified(peer_id, info);
            }
            SwarmEvent::Behaviour(BehaviourEvent::Kad(event)) => {
                if let Some(kad) = self.swarm.behaviour_mut().kad.as_mut() {
                    self.searches.on_event(kad, event);
                }
            }
            SwarmEvent::Behaviour(BehaviourEvent::Mdns(event)) => mdns::tell(event),
            SwarmEvent::Behaviour(BehaviourEvent::Autonat1(event)) => autonat::tell_v1(event),
            SwarmEvent::Behaviour(BehaviourEvent::Autonat2Client(event)) => autonat::tell_v2(event),
            _ => {}
        }
    }

    fn identified(&mut self, peer: PeerId, info: identify::Info) {
        let info = json!({
            "agent": info.agent_version,
            "protocolVersion": info.protocol_version,
            "protocols": info.protocols.iter().map(|p| p.as_ref()).collect::<Vec<_>>(),
            "listenAddrs": info.listen_addrs.iter().map(|a| a.to_string()).collect::<Vec<_>>(),
            "observedAddr": info.observed_addr.to_string(),
            "signedRecord": info.signed_peer_record.is_some(),
        });
        for (_, reply) in self.identify_waits.extract_if(.., |(waiting, _)| *waiting == peer) {
            let _ = reply.send(Ok(info.clone()));
        }
        self.identified.insert(peer, info);
    }

    fn describe(&self, peer: PeerId, endpoint: &ConnectedPoint) -> Connection {
        let (addr, direction, limited_by) = match endpoint {
            ConnectedPoint::Dialer { address, .. } => {
                let relay = address.iter().find_map(|p| if let Protocol::P2p(id) = p { Some(id) } else { None });
                (address.clone(), "outbound", relay)
            }
            // The remote address of an inbound circuit is only the source's id; the local one is the circuit's.
            ConnectedPoint::Listener { local_addr, .. } if endpoint.is_relayed() => {
                (local_addr.clone().with(Protocol::P2p(peer)), "inbound", Some(peer))
            }
            ConnectedPoint::Listener { send_back_addr, .. } => (send_back_addr.clone(), "inbound", None),
        };
        let relayed = endpoint.is_relayed();
        let limited = relayed && limited_by.and_then(|p| self.limited.get(&p).copied()).unwrap_or(false);
        Connection {
            relayed,
            fields: json!({
                "peer": peer.to_string(),
                "addr": addr.to_string(),
                "limited": limited,
                "direction": direction,
            }),
        }
    }
}

fn is_relayed(addr: &Multiaddr) -> bool {
    addr.iter().any(|p| p == Protocol::P2pCircuit)
}

/// A command's way to the swarm.
#[derive(Clone)]
pub struct Handle(pub mpsc::Sender<Ask>);

impl Handle {
    pub async fn ask<T>(&self, ask: impl FnOnce(Reply<T>) -> Ask) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        self.0.send(ask(reply)).await?;
        answer.await?
    }

    /// Opens a stream over whatever connection to the peer exists.
    pub async fn open(&self, peer: PeerId, protocol: &StreamProtocol) -> Result<Stream, Failure> {
        let (opened, stream) = oneshot::channel();
        self.0.send(Ask::Open(peer, protocol.clone(), opened)).await?;
        Ok(stream.await.map_err(|_| "no connection to the peer")??)
    }
}
