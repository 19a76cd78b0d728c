//! A real rust-libp2p peer that the interop tests drive over JSON lines.

mod autonat;
mod commands;
mod kad;
mod mdns;
mod node;
mod output;
mod protocols;
mod streams;
mod wire;

use libp2p::Multiaddr;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader, stdin},
    sync::mpsc,
};

use crate::{
    node::{Config, Handle, Node},
    output::emit,
    streams::Streams,
};

type Error = Box<dyn std::error::Error>;

fn parse(mut args: impl Iterator<Item = String>) -> Result<Config, Error> {
    let mut config =
        Config {
            seed: 0,
            listen: Vec::new(),
            agent: "chiral-test-peer/rust".into(),
            relay: false,
            autonat: String::new(),
            kad: None,
            mdns: None,
            holepunch: false,
        };
    while let Some(flag) = args.next() {
        let mut value = || args.next().ok_or(format!("{flag} needs a value"));
        match flag.as_str() {
            "--seed" => config.seed = value()?.parse()?,
            "--listen" => config.listen.push(value()?.parse::<Multiaddr>()?),
            "--agent" => config.agent = value()?,
            "--autonat" => config.autonat = value()?,
            "--mdns" => config.mdns = Some(mdns::Links::Ip4),
            "--mdns6" => config.mdns = Some(mdns::Links::Ip6),
            "--relay" => config.relay = true,
            "--holepunch" => config.holepunch = true,
            "--kad" => config.kad = Some(libp2p::StreamProtocol::try_from_owned(value()?)?),
            _ => return Err(format!("unknown flag {flag}").into()),
        }
    }
    Ok(config)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let config = parse(std::env::args().skip(1))?;
    let (incoming, mut arrivals) = mpsc::unbounded_channel();
    let node = Node::start(config, incoming).await?;
    let streams = Streams::default();

    let (asks, questions) = mpsc::channel(64);
    let handle = Handle(asks);
    tokio::spawn(node.run(questions));
    let serving = streams.clone();
    tokio::spawn(async move {
        while let Some(incoming) = arrivals.recv().await {
            tokio::spawn(serving.clone().serve(incoming));
        }
    });

    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str::<Value>(&line) {
            Ok(c) if c["cmd"] == "quit" => {
                emit("result", json!({"id": c["id"], "ok": true}));
                break;
            }
            Ok(c) => {
                tokio::spawn(commands::execute(c, handle.clone(), streams.clone()));
            }
            Err(error) => eprintln!("peer: not a command: {error}"),
        }
    }
    // Tasks may still run; there is nothing to wait for.
    std::process::exit(0);
}
