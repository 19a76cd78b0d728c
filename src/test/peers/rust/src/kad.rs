//! The Kademlia server of the peer, and its commands.

use std::collections::HashMap;

use libp2p::{
    PeerId, StreamProtocol, identify,
    kad::{self, store::MemoryStore},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{node::Reply, output::Failure};

pub type Behaviour = kad::Behaviour<MemoryStore>;

/// A server whatever the library thinks of its addresses.
pub fn behaviour(peer: PeerId, protocol: StreamProtocol) -> Behaviour {
    let mut kad = kad::Behaviour::with_config(peer, MemoryStore::new(peer), kad::Config::new(protocol));
    kad.set_mode(Some(kad::Mode::Server));
    kad
}

pub enum Search {
    Find(PeerId),
    Put(String, String),
    Get(String),
    Provide(String),
    Providers(String),
}

impl Search {
    pub fn parse(name: &str, c: &Value) -> Result<Self, Failure> {
        let text = |field: &str| c[field].as_str().map(str::to_owned).ok_or(format!("{name} needs a {field}"));
        Ok(match name {
            "find" => Search::Find(text("peer")?.parse()?),
            "put" => Search::Put(text("key")?, text("value")?),
            "get" => Search::Get(text("key")?),
            "provide" => Search::Provide(text("key")?),
            _ => Search::Providers(text("key")?),
        })
    }
}

/// The key that all languages provide for a text: the multihash of its SHA-256.
fn provided(key: &str) -> kad::RecordKey {
    let mut multihash = vec![0x12, 0x20];
    multihash.extend(Sha256::digest(key));
    multihash.into()
}

struct Running {
    wanted: Option<PeerId>,
    providers: Option<Vec<String>>,
    reply: Reply<Value>,
}

/// The searches under way, and those that wait for somebody to ask.
pub struct Searches {
    protocol: Option<StreamProtocol>,
    running: HashMap<kad::QueryId, Running>,
    waiting: Vec<(Search, Reply<Value>)>,
}

impl Searches {
    pub fn new(protocol: Option<StreamProtocol>) -> Self {
        Searches { protocol, running: HashMap::new(), waiting: Vec::new() }
    }

    /// Adds a peer that serves Kademlia to the table.
    pub fn met(&mut self, kad: &mut Behaviour, peer: PeerId, info: &identify::Info) {
        if self.protocol.as_ref().is_some_and(|protocol| info.protocols.contains(protocol)) {
            for addr in &info.listen_addrs {
                kad.add_address(&peer, addr.clone());
            }
            for (search, reply) in std::mem::take(&mut self.waiting) {
                self.begin(kad, search, reply);
            }
        }
    }

    pub fn begin(&mut self, kad: &mut Behaviour, search: Search, reply: Reply<Value>) {
        if kad.kbuckets().next().is_none() {
            self.waiting.push((search, reply));
            return;
        }
        let mut wanted = None;
        let providers = matches!(search, Search::Providers(_)).then(Vec::new);
        let started = match search {
            Search::Find(peer) => {
                wanted = Some(peer);
                Ok(kad.get_closest_peers(peer))
            }
            Search::Put(key, value) => {
                let record = kad::Record::new(key.into_bytes(), value.into_bytes());
                kad.put_record(record, kad::Quorum::One)
            }
            Search::Get(key) => Ok(kad.get_record(key.into_bytes().into())),
            Search::Provide(key) => kad.start_providing(provided(&key)),
            Search::Providers(key) => Ok(kad.get_providers(provided(&key))),
        };
        match started {
            Ok(id) => { self.running.insert(id, Running { wanted, providers, reply }); }
            Err(error) => { let _ = reply.send(Err(error.into())); }
        }
    }

    pub fn on_event(&mut self, kad: &mut Behaviour, event: kad::Event) {
        let kad::Event::OutboundQueryProgressed { id, result, step, .. } = event else { return };
        let Some(running) = self.running.get_mut(&id) else { return };
        let outcome = match result {
            kad::QueryResult::GetClosestPeers(Ok(found)) => found
                .peers
                .iter()
                .find(|info| Some(info.peer_id) == running.wanted && !info.addrs.is_empty())
                .map(|info| {
                    let addrs: Vec<_> = info.addrs.iter().map(|a| a.to_string()).collect();
                    Ok(json!({"peer": info.peer_id.to_string(), "addrs": addrs}))
                }),
            kad::QueryResult::GetRecord(Ok(kad::GetRecordOk::FoundRecord(found))) => {
                let value = String::from_utf8_lossy(&found.record.value).into_owned();
                Some(Ok(json!({"value": value})))
            }
            kad::QueryResult::PutRecord(result) => Some(result.map(|_| json!({})).map_err(Failure::from)),
            kad::QueryResult::StartProviding(result) => Some(result.map(|_| json!({})).map_err(Failure::from)),
            kad::QueryResult::GetProviders(Ok(kad::GetProvidersOk::FoundProviders { providers, .. })) => {
                if let Some(found) = &mut running.providers {
                    found.extend(providers.iter().map(PeerId::to_string));
                }
                None
            }
            _ => None,
        };
        if outcome.is_none() && !step.last {
            return;
        }
        let Some(running) = self.running.remove(&id) else { return };
        if let Some(mut query) = kad.query_mut(&id) {
            query.finish();
        }
        let outcome = outcome.unwrap_or_else(|| match running.providers {
            Some(providers) => Ok(json!({"providers": providers})),
            None => Err("not found".into()),
        });
        let _ = running.reply.send(outcome);
    }
}
