//! The four test protocols, both sides of each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{AsyncReadExt, AsyncWriteExt, io::BufReader};
use libp2p::{PeerId, Stream, StreamProtocol};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{sync::oneshot, time::timeout};

use crate::{
    output::{Failure, emit},
    protocols::Incoming,
    wire::hex,
};

pub const ECHO: StreamProtocol = StreamProtocol::new("/chiral-test/echo/1.0.0");
pub const SINK: StreamProtocol = StreamProtocol::new("/chiral-test/sink/1.0.0");
pub const HOLD: StreamProtocol = StreamProtocol::new("/chiral-test/hold/1.0.0");
pub const STALL: StreamProtocol = StreamProtocol::new("/chiral-test/stall/1.0.0");

pub const DEFAULT_CHUNK: usize = 65536;
/// A stalled stream counts as stopped when it takes nothing for this long.
const STALL_PATIENCE: Duration = Duration::from_secs(1);

/// Streams that outlive their command.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<Table>>);

#[derive(Default)]
struct Table {
    last: u64,
    open: HashMap<u64, oneshot::Sender<()>>,
    /// Never read; dropping one would reset it.
    stalled: Vec<Stream>,
}

impl Streams {
    /// Serves a stream the other side opened.
    pub async fn serve(self, incoming: Incoming) {
        let Incoming { peer, protocol, stream } = incoming;
        // A failed stream is dropped, which resets it.
        if protocol == ECHO {
            let _ = serve_echo(stream).await;
        } else if protocol == SINK {
            let _ = serve_sink(stream).await;
        } else if protocol == STALL {
            self.0.lock().unwrap().stalled.push(stream);
        } else {
            report(stream, json!({"peer": peer.to_string(), "protocol": protocol.as_ref()})).await;
        }
    }

    /// Keeps a stream for `reset` and reports its end unless that end is our own reset.
    pub fn watch(&self, stream: Stream, peer: PeerId, protocol: &StreamProtocol) -> u64 {
        let (reset, resets) = oneshot::channel();
        let id = {
            let mut table = self.0.lock().unwrap();
            table.last += 1;
            let id = table.last;
            table.open.insert(id, reset);
            id
        };
        let fields = json!({"peer": peer.to_string(), "protocol": protocol.as_ref(), "streamId": id});
        let streams = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = report(stream, fields) => { streams.0.lock().unwrap().open.remove(&id); }
                // Leaving drops the stream, and that resets it.
                _ = resets => {}
            }
        });
        id
    }

    pub fn reset(&self, id: u64) -> Result<Value, Failure> {
        let reset = self.0.lock().unwrap().open.remove(&id).ok_or("no such stream")?;
        reset.send(()).map_err(|()| "the stream has ended")?;
        Ok(json!({}))
    }
}

/// Reads a stream to its end and tells which end that was.
async fn report(mut stream: Stream, mut fields: Value) {
    let mut buffer = vec![0; DEFAULT_CHUNK];
    let mut received = 0;
    while let Ok(n @ 1..) = stream.read(&mut buffer).await {
        received += n;
    }
    fields["received"] = received.into();
    if was_reset(&mut stream).await {
        emit("stream-reset", fields);
    } else {
        let _ = stream.close().await;
        emit("stream-eof", fields);
    }
}

/// After the end of reading: was that a reset? The library reports either as end of file, but takes no more writes after
/// a reset; an empty write leaves no trace with the other side.
pub async fn was_reset(stream: &mut Stream) -> bool {
    stream.write(&[]).await.is_err()
}

async fn serve_echo(stream: Stream) -> std::io::Result<()> {
    let (reader, mut writer) = stream.split();
    futures::io::copy_buf(BufReader::with_capacity(DEFAULT_CHUNK, reader), &mut writer).await?;
    writer.close().await
}

async fn serve_sink(mut stream: Stream) -> std::io::Result<()> {
    let mut buffer = vec![0; DEFAULT_CHUNK];
    let mut hash = Sha256::new();
    let mut count = 0u64;
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        count += n as u64;
    }
    stream.write_all(&sink_answer(count, hash)).await?;
    stream.close().await
}

fn sink_answer(count: u64, hash: Sha256) -> Vec<u8> {
    let mut answer = count.to_be_bytes().to_vec();
    answer.extend_from_slice(&hash.finalize());
    answer
}

/// Fills a buffer from the fixed sequence all peers send: its period, a prime, fits no buffer size.
fn pattern(position: u64, buffer: &mut [u8]) {
    for (i, byte) in buffer.iter_mut().enumerate() {
        *byte = ((position + i as u64) % 251) as u8;
    }
}

/// Writes `bytes` of the pattern, half-closes and returns their hash.
async fn send(writer: &mut (impl AsyncWriteExt + Unpin), bytes: u64, chunk: usize) -> std::io::Result<Sha256> {
    let mut buffer = vec![0; chunk];
    let mut hash = Sha256::new();
    let mut sent = 0;
    while sent < bytes {
        let part = &mut buffer[..(bytes - sent).min(chunk as u64) as usize];
        pattern(sent, part);
        writer.write_all(part).await?;
        hash.update(&part);
        sent += part.len() as u64;
    }
    writer.close().await?;
    Ok(hash)
}

pub async fn echo(stream: Stream, bytes: u64, chunk: usize) -> Result<Value, Failure> {
    let (mut reader, mut writer) = stream.split();
    let receive = async {
        let mut buffer = vec![0; DEFAULT_CHUNK];
        let mut hash = Sha256::new();
        let mut received = 0u64;
        loop {
            let n = reader.read(&mut buffer).await?;
            if n == 0 {
                return Ok::<_, std::io::Error>((received, hash.finalize()));
            }
            hash.update(&buffer[..n]);
            received += n as u64;
        }
    };
    let (sent, (received, got)) = futures::try_join!(send(&mut writer, bytes, chunk), receive)?;
    if received != bytes || got != sent.finalize() {
        return Err(format!("{received} bytes came back, not the {bytes} sent").into());
    }
    Ok(json!({"received": received, "sha256": hex(&got)}))
}

pub async fn sink(mut stream: Stream, bytes: u64, chunk: usize) -> Result<Value, Failure> {
    let hash = send(&mut stream, bytes, chunk).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let want = sink_answer(bytes, hash);
    if answer != want {
        return Err(format!("the other side answered {}, not {}", hex(&answer), hex(&want)).into());
    }
    Ok(json!({"sha256": hex(&want[8..])}))
}

/// The first bytes of a held stream.
pub async fn start_hold(stream: &mut Stream) -> Result<(), Failure> {
    let mut first = [0; 1024];
    pattern(0, &mut first);
    stream.write_all(&first).await?;
    stream.flush().await?;
    Ok(())
}

/// Writes until the bytes are out or nothing moves; returns how many went.
pub async fn stall(stream: &mut Stream, bytes: u64) -> Result<u64, Failure> {
    let mut buffer = [0; 4096];
    let mut accepted = 0;
    while accepted < bytes {
        let part = &mut buffer[..(bytes - accepted).min(4096) as usize];
        pattern(accepted, part);
        match timeout(STALL_PATIENCE, stream.write(part)).await {
            Ok(written) => accepted += written? as u64,
            Err(_) => break,
        }
    }
    Ok(accepted)
}
