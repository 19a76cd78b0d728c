//! The driver's commands.

use std::time::{Duration, Instant};

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::{Multiaddr, PeerId, StreamProtocol, core::multiaddr::Protocol, ping, relay::HOP_PROTOCOL_NAME};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    kad,
    node::{Ask, Handle},
    output::{Failure, emit},
    streams::{self, Streams},
    wire,
};

const DEFAULT_TIMEOUT_MS: u64 = 30_000;

/// Runs one command and writes its result.
pub async fn execute(command: Value, node: Handle, streams: Streams) {
    let limit = Duration::from_millis(command["timeout_ms"].as_u64().unwrap_or(DEFAULT_TIMEOUT_MS));
    let start = Instant::now();
    let result = timeout(limit, dispatch(&command, &node, &streams)).await;
    let mut fields = match result {
        Ok(Ok(mut fields)) => {
            fields["ok"] = true.into();
            fields
        }
        Ok(Err(failure)) => json!({"ok": false, "error": failure.message, "status": failure.status}),
        Err(_) => json!({"ok": false, "error": "timed out"}),
    };
    fields["id"] = command["id"].clone();
    fields["ms"] = (start.elapsed().as_secs_f64() * 1000.0).into();
    emit("result", fields);
}

async fn dispatch(c: &Value, node: &Handle, streams: &Streams) -> Result<Value, Failure> {
    let name = c["cmd"].as_str().unwrap_or_default();
    match name {
        "connect" => {
            let addr = addr(c)?;
            return node.ask(|reply| Ask::Connect(addr, reply)).await;
        }
        "reserve" => return reserve(addr(c)?, node).await,
        "rawHop" => return raw_hop(c, node, streams).await,
        "reset" => return streams.reset(number(c, "streamId", 0)),
        "peers" => return node.ask(Ask::Peers).await,
        "find" | "put" | "get" | "provide" | "providers" => {
            let search = kad::Search::parse(name, c)?;
            return node.ask(|reply| Ask::Kad(search, reply)).await;
        }
        _ => {}
    }
    let peer: PeerId = c["peer"].as_str().ok_or_else(|| format!("{name} needs a peer"))?.parse()?;
    let bytes = number(c, "bytes", 0);
    let chunk = (number(c, "chunk", streams::DEFAULT_CHUNK as u64) as usize).max(1);
    match name {
        "disconnect" => node.ask(|reply| Ask::Disconnect(peer, reply)).await,
        "identify" => node.ask(|reply| Ask::Identify(peer, reply)).await,
        "ping" => pings(peer, number(c, "count", 1), node).await,
        "echo" => streams::echo(node.open(peer, &streams::ECHO).await?, bytes, chunk).await,
        "sink" => streams::sink(node.open(peer, &streams::SINK).await?, bytes, chunk).await,
        "hold" => {
            let mut stream = node.open(peer, &streams::HOLD).await?;
            streams::start_hold(&mut stream).await?;
            Ok(json!({"streamId": streams.watch(stream, peer, &streams::HOLD)}))
        }
        "stall" => {
            let mut stream = node.open(peer, &streams::STALL).await?;
            let accepted = streams::stall(&mut stream, bytes).await?;
            Ok(json!({"accepted": accepted, "streamId": streams.watch(stream, peer, &streams::STALL)}))
        }
        _ => Err(format!("unknown command {name}").into()),
    }
}

fn addr(c: &Value) -> Result<Multiaddr, Failure> {
    Ok(c["addr"].as_str().ok_or("no addr")?.parse()?)
}

fn number(c: &Value, field: &str, default: u64) -> u64 {
    c[field].as_u64().unwrap_or(default)
}

fn last_peer(addr: &Multiaddr) -> Result<PeerId, Failure> {
    match addr.iter().last() {
        Some(Protocol::P2p(peer)) => Ok(peer),
        _ => Err("the address does not end in /p2p/ID".into()),
    }
}

/// The library reserves and accepts circuits, yet tells neither the expiry nor the addresses it was given. A second
/// RESERVE, written by hand, brings those; on a reservation that stands it alone renews.
async fn reserve(relay: Multiaddr, node: &Handle) -> Result<Value, Failure> {
    let peer = last_peer(&relay)?;
    node.ask(|reply| Ask::Listen(relay, reply)).await?;
    let mut stream = node.open(peer, &HOP_PROTOCOL_NAME).await?;
    stream.write_all(&wire::RESERVE).await?;
    stream.flush().await?;
    let answer = wire::read_prefixed(&mut stream).await.ok_or("the relay ended the stream")?;
    stream.close().await?;
    wire::reservation(&answer)
}

/// The library pings by its own clock, so this is the protocol by hand.
async fn pings(peer: PeerId, count: u64, node: &Handle) -> Result<Value, Failure> {
    let mut stream = node.open(peer, &ping::PROTOCOL_NAME).await?;
    let mut rtts = Vec::new();
    for round in 0..count.max(1) {
        let sent = [round as u8; 32];
        let mut got = [0; 32];
        let start = Instant::now();
        stream.write_all(&sent).await?;
        stream.flush().await?;
        stream.read_exact(&mut got).await?;
        rtts.push(start.elapsed().as_secs_f64() * 1000.0);
        if got != sent {
            return Err("ping came back changed".into());
        }
    }
    stream.close().await?;
    Ok(json!({"rttMs": rtts}))
}

/// Speaks the hop protocol byte by byte, for what the library would never send.
async fn raw_hop(c: &Value, node: &Handle, streams: &Streams) -> Result<Value, Failure> {
    let relay = addr(c)?;
    let peer = last_peer(&relay)?;
    let mut request = wire::unhex(c["hex"].as_str().unwrap_or_default())?;
    request.extend(wire::unhex(c["thenHex"].as_str().unwrap_or_default())?);
    node.ask(|reply| Ask::Connect(relay, reply)).await?;

    const HOP: StreamProtocol = HOP_PROTOCOL_NAME;
    let mut stream = node.open(peer, &HOP).await?;
    if stream.write_all(&request).await.is_err() || stream.flush().await.is_err() {
        return Ok(json!({"outcome": "reset"}));
    }
    let Some(reply) = wire::read_prefixed(&mut stream).await else {
        let outcome = if streams::was_reset(&mut stream).await { "reset" } else { "eof" };
        return Ok(json!({"outcome": outcome}));
    };
    let mut fields = json!({"outcome": "reply", "replyHex": wire::hex(&reply)});
    if c["keep"] == true {
        fields["streamId"] = streams.watch(stream, peer, &HOP).into();
    }
    Ok(fields)
}
