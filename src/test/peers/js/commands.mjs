// The driver's commands.
import { randomBytes } from 'node:crypto'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { kad } from './kad.mjs'
import * as streams from './streams.mjs'

const PING = '/ipfs/ping/1.0.0'
const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const DEFAULT_TIMEOUT_MS = 30_000

// Runs one command and returns its result's fields.
export async function execute (node, identified, c) {
  const signal = AbortSignal.timeout(c.timeout_ms ?? DEFAULT_TIMEOUT_MS)
  const start = performance.now()
  let fields
  try {
    // A few library calls do not heed the signal.
    fields = { ok: true, ...await Promise.race([dispatch(node, identified, c, signal), expiry(signal)]) }
  } catch (err) {
    fields = { ok: false, error: describe(err), status: relayStatus(err) }
  }
  return { id: c.id, ms: performance.now() - start, ...fields }
}

function expiry (signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => { reject(new Error('timed out')) })
  })
}

function describe (err) {
  const inner = (err.errors ?? []).map(describe)
  return [`${err.name}: ${err.message}`, ...inner].join('; ')
}

// The library tells the relay's status only inside its message.
function relayStatus (err) {
  return describe(err).match(/with status ([A-Z_]+)/)?.[1]
}

async function dispatch (node, identified, c, signal) {
  switch (c.cmd) {
    case 'connect': return connectionFields(await node.dial(multiaddr(c.addr), { signal }))
    case 'reserve': return reserve(node, multiaddr(c.addr), signal)
    case 'rawHop': return rawHop(node, c, signal)
    case 'reset': return streams.reset(c.streamId)
    case 'find': case 'put': case 'get': case 'provide': case 'providers': return kad(node, c, signal)
    case 'peers': return { peers: node.getPeers().map(String) }
  }
  if (c.peer == null) throw new Error(`unknown command ${c.cmd}, or no peer`)
  const peer = peerIdFromString(c.peer)
  switch (c.cmd) {
    case 'disconnect': return disconnect(node, peer)
    case 'identify': return identified.of(c.peer)
    case 'ping': return pings(node, peer, c.count ?? 1, signal)
    case 'echo': return withStream(node, peer, streams.ECHO, signal, stream => streams.echo(stream, c, signal))
    case 'sink': return withStream(node, peer, streams.SINK, signal, stream => streams.sink(stream, c, signal))
    case 'hold': return withStream(node, peer, streams.HOLD, signal, stream => {
      streams.startHold(stream)
      return { streamId: streams.watch(stream, peer) }
    })
    case 'stall': return withStream(node, peer, streams.STALL, signal, async stream => {
      const accepted = await streams.stall(stream, c)
      return { accepted, streamId: streams.watch(stream, peer) }
    })
  }
  throw new Error(`unknown command ${c.cmd}`)
}

export function connectionFields (connection) {
  return {
    peer: connection.remotePeer.toString(),
    addr: connection.remoteAddr.toString(),
    limited: connection.limits != null,
    direction: connection.direction
  }
}

async function disconnect (node, peer) {
  const connections = node.getConnections(peer)
  if (connections.length === 0) throw new Error('not connected')
  // A close waits for the streams to end; one that is stalled does not, and the library only gives up then.
  await Promise.all(connections.map(connection => connection.close().catch(err => { connection.abort(err) })))
}

// Opens a stream over whatever connection exists; a failed use resets it.
async function withStream (node, peer, protocol, signal, use) {
  const connection = node.getConnections(peer).find(c => c.status === 'open')
  if (connection == null) throw new Error('no connection to the peer')
  const stream = await connection.newStream(protocol, {
    signal,
    runOnLimitedConnection: true,
    maxOutboundStreams: 10_000
  })
  try {
    return await use(stream)
  } catch (err) {
    stream.abort(err)
    throw err
  }
}

// Makes or renews a reservation. The library renews by its own clock only, so an older one is taken out of its store.
async function reserve (node, relay, signal) {
  const { remotePeer } = await node.dial(relay, { signal })
  const circuits = node.components.transportManager.getTransports().find(t => t.reservationStore != null)
  const store = circuits.reservationStore
  const old = store.reservations.get(remotePeer)
  if (old != null) {
    clearTimeout(old.timeout)
    store.reservations.delete(remotePeer)
  }
  const { details: { reservation } } = await store.addRelay(remotePeer, 'configured')
  return {
    expire: Number(reservation.expire),
    addrs: reservation.addrs.map(bytes => multiaddr(bytes).toString()),
    voucher: reservation.voucher != null
  }
}

async function pings (node, peer, count, signal) {
  const rttMs = []
  if (node.getConnections(peer).every(c => c.limits != null)) {
    // The library pings over unlimited connections only, and would dial for one.
    for (let i = 0; i < count; i++) rttMs.push(await withStream(node, peer, PING, signal, pong))
    return { rttMs }
  }
  for (let i = 0; i < count; i++) rttMs.push(await node.services.ping.ping(peer, { signal }))
  return { rttMs }
}

async function pong (stream) {
  const start = performance.now()
  const sent = randomBytes(32)
  let got = Buffer.alloc(0)
  await new Promise((resolve, reject) => {
    streams.receive(stream, data => {
      got = Buffer.concat([got, data])
      if (got.length >= sent.length) resolve()
    }).then(outcome => { reject(new Error(`the ping stream ended: ${outcome}`)) })
    stream.send(sent)
  })
  if (!got.equals(sent)) throw new Error('a ping came back changed')
  const took = performance.now() - start
  await stream.close()
  return took
}

// Speaks the hop protocol byte by byte, for what the library would never send.
async function rawHop (node, c, signal) {
  const { remotePeer } = await node.dial(multiaddr(c.addr), { signal })
  return withStream(node, remotePeer, HOP, signal, async stream => {
    const reply = firstMessage(stream)
    stream.send(Buffer.from(c.hex + (c.thenHex ?? ''), 'hex'))
    const outcome = await Promise.race([reply, expiry(signal)])
    if (outcome.outcome !== 'reply') return outcome
    if (c.keep === true) return { ...outcome, streamId: streams.watch(stream, remotePeer) }
    stream.abort(new Error('done'))
    return outcome
  })
}

// Resolves with the first message with its length prefix, or with how the stream ended before it.
function firstMessage (stream) {
  return new Promise(resolve => {
    let got = Buffer.alloc(0)
    const ended = streams.receive(stream, data => {
      got = Buffer.concat([got, data])
      const whole = prefixedLength(got)
      if (whole > 0 && got.length >= whole) {
        resolve({ outcome: 'reply', replyHex: got.subarray(0, whole).toString('hex') })
      }
    })
    ended.then(outcome => { resolve({ outcome }) })
  })
}

// The length of a message and its prefix, or 0 while the prefix is not complete.
function prefixedLength (bytes) {
  let length = 0
  for (let i = 0; i < Math.min(bytes.length, 4); i++) {
    length |= (bytes[i] & 0x7f) << (7 * i)
    if (bytes[i] < 0x80) return i + 1 + length
  }
  return 0
}
