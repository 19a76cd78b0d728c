//! Just enough of hex, varints and protobuf to speak the hop protocol byte by byte.

use futures::AsyncReadExt;
use libp2p::{Multiaddr, Stream};
use serde_json::{Value, json};

use crate::output::Failure;

/// RESERVE with its length prefix: a HopMessage whose type is 0.
pub const RESERVE: [u8; 3] = [2, 8, 0];
const STATUS_OK: u64 = 100;

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn unhex(text: &str) -> Result<Vec<u8>, Failure> {
    if !text.is_ascii() || text.len() % 2 != 0 {
        return Err("not hex".into());
    }
    (0..text.len()).step_by(2).map(|i| Ok(u8::from_str_radix(&text[i..i + 2], 16)?)).collect()
}

/// Reads one message with its length prefix and not a byte beyond it; `None` when the stream ends before.
pub async fn read_prefixed(stream: &mut Stream) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.ok()?;
        message.push(byte[0]);
        if byte[0] < 0x80 || message.len() == 4 {
            break;
        }
    }
    let prefix = message.len();
    let length = varint(&mut message.as_slice())?;
    message.resize(prefix + length as usize, 0);
    stream.read_exact(&mut message[prefix..]).await.ok()?;
    Some(message)
}

/// What a relay's answer to RESERVE says.
pub fn reservation(message: &[u8]) -> Result<Value, Failure> {
    let mut body = message;
    varint(&mut body).ok_or("no length")?;
    let mut answer = json!({"voucher": false, "addrs": [], "limitDuration": 0, "limitData": 0});
    let mut status = 0;
    for (field, value) in fields(body)? {
        match (field, value) {
            (5, Field::Number(n)) => status = n,
            (3, Field::Bytes(b)) => {
                for (field, value) in fields(b)? {
                    match (field, value) {
                        (1, Field::Number(n)) => answer["expire"] = n.into(),
                        (2, Field::Bytes(b)) => {
                            let addr = Multiaddr::try_from(b.to_vec())?.to_string();
                            answer["addrs"].as_array_mut().expect("set above").push(addr.into());
                        }
                        (3, Field::Bytes(_)) => answer["voucher"] = true.into(),
                        _ => {}
                    }
                }
            }
            (4, Field::Bytes(b)) => {
                for (field, value) in fields(b)? {
                    match (field, value) {
                        (1, Field::Number(n)) => answer["limitDuration"] = n.into(),
                        (2, Field::Number(n)) => answer["limitData"] = n.into(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    match status {
        STATUS_OK => Ok(answer),
        200 => Err(refused("RESERVATION_REFUSED")),
        201 => Err(refused("RESOURCE_LIMIT_EXCEEDED")),
        202 => Err(refused("PERMISSION_DENIED")),
        other => Err(format!("the relay answered status {other}").into()),
    }
}

fn refused(status: &'static str) -> Failure {
    Failure { message: format!("the relay answered {status}"), status: Some(status) }
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn fields(mut body: &[u8]) -> Result<Vec<(u64, Field<'_>)>, Failure> {
    let mut out = Vec::new();
    while !body.is_empty() {
        let tag = varint(&mut body).ok_or("a cut tag")?;
        let number = varint(&mut body).ok_or("a cut value")?;
        out.push((tag >> 3, match tag & 7 {
            0 => Field::Number(number),
            2 => Field::Bytes(body.split_off(..number as usize).ok_or("cut bytes")?),
            kind => return Err(format!("wire type {kind}").into()),
        }));
    }
    Ok(out)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
