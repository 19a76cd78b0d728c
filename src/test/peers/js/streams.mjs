// The four test protocols, both sides of each.
import { createHash } from 'node:crypto'
import { emit } from './output.mjs'

export const ECHO = '/chiral-test/echo/1.0.0'
export const SINK = '/chiral-test/sink/1.0.0'
export const HOLD = '/chiral-test/hold/1.0.0'
export const STALL = '/chiral-test/stall/1.0.0'

const DEFAULT_CHUNK = 65536
// A stalled stream counts as stopped when it takes nothing for this long.
const STALL_PATIENCE_MS = 1000

const PERIOD = 251

// The fixed sequence of bytes all peers send; its period, a prime, fits no buffer size.
function pattern (position, length) {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (position + i) % PERIOD
  return bytes
}

// Hands every message to onData and resolves with how the other side ended: 'eof' or 'reset'. The library's own iterator
// waits for ever when the end came before it.
export async function receive (stream, onData) {
  return new Promise(resolve => {
    const end = () => { resolve(stream.status === 'reset' || stream.status === 'aborted' ? 'reset' : 'eof') }
    stream.addEventListener('message', event => { onData(event.data.subarray()) })
    stream.addEventListener('end', end)
    stream.addEventListener('close', event => { event.error == null ? end() : resolve('reset') })
    if (stream.readableEnded) end()
  })
}

// Resolves when the stream takes bytes again. The library's own onDrain waits only once in the life of a stream; a writer
// that trusts it fills the write buffer, which then leaves in frames larger than others accept.
async function drained (stream, signal) {
  while (stream.writableNeedsDrain) {
    await new Promise((resolve, reject) => {
      const events = new AbortController()
      const settle = action => () => { events.abort(); action() }
      stream.addEventListener('drain', settle(resolve), { signal: events.signal })
      stream.addEventListener('close', settle(() => { reject(new Error('the stream has ended')) }), { signal: events.signal })
      signal?.addEventListener('abort', settle(() => { reject(signal.reason) }), { signal: events.signal })
    })
  }
}

export async function serve (node) {
  const options = { maxInboundStreams: 10_000, maxOutboundStreams: 10_000, runOnLimitedConnection: true }
  await node.handle(ECHO, serveEcho, options)
  await node.handle(SINK, serveSink, options)
  await node.handle(HOLD, (stream, connection) => report(stream, connection.remotePeer), options)
  // Paused, the stream grants no more window and nobody reads it.
  await node.handle(STALL, stream => { stream.pause() }, options)
}

async function serveEcho (stream) {
  const end = await receive(stream, data => {
    if (stream.send(data)) return
    stream.pause()
    // Either fails only when the stream has ended meanwhile.
    drained(stream).then(() => { stream.resume() }).catch(() => {})
  })
  if (end === 'eof') await stream.close()
}

async function serveSink (stream) {
  const hash = createHash('sha256')
  let count = 0
  const end = await receive(stream, data => {
    hash.update(data)
    count += data.length
  })
  if (end === 'reset') return
  stream.send(sinkAnswer(count, hash.digest()))
  await stream.close()
}

function sinkAnswer (count, hash) {
  const answer = Buffer.alloc(8 + hash.length)
  answer.writeBigUInt64BE(BigInt(count))
  hash.copy(answer, 8)
  return answer
}

// Writes bytes of the pattern, half-closes and returns their hash.
async function send (stream, bytes, chunk, signal) {
  const hash = createHash('sha256')
  for (let sent = 0; sent < bytes;) {
    const part = pattern(sent, Math.min(chunk, bytes - sent))
    hash.update(part)
    sent += part.length
    if (!stream.send(part)) await drained(stream, signal)
  }
  await stream.close({ signal })
  return hash.digest()
}

export async function echo (stream, { bytes, chunk = DEFAULT_CHUNK }, signal) {
  const hash = createHash('sha256')
  let received = 0
  const receiving = receive(stream, data => {
    hash.update(data)
    received += data.length
  })
  const [sent, end] = await Promise.all([send(stream, bytes, chunk, signal), receiving])
  const got = hash.digest()
  if (end !== 'eof') throw new Error(`reset after ${received} bytes`)
  if (received !== bytes || !got.equals(sent)) throw new Error(`${received} bytes came back, not the ${bytes} sent`)
  return { received, sha256: got.toString('hex') }
}

export async function sink (stream, { bytes, chunk = DEFAULT_CHUNK }, signal) {
  const parts = []
  const receiving = receive(stream, data => { parts.push(data.slice()) })
  const [hash, end] = await Promise.all([send(stream, bytes, chunk, signal), receiving])
  const answer = Buffer.concat(parts)
  const want = sinkAnswer(bytes, hash)
  if (end !== 'eof' || !answer.equals(want)) {
    throw new Error(`the other side answered ${answer.toString('hex')} and ${end}, not ${want.toString('hex')}`)
  }
  return { sha256: hash.toString('hex') }
}

export function startHold (stream) {
  stream.send(pattern(0, 1024))
}

// Writes until the bytes are out or nothing moves; returns how many the library has passed on.
export async function stall (stream, { bytes }) {
  let sent = 0
  const accepted = () => sent - stream.writeBufferLength
  while (sent < bytes) {
    const part = pattern(sent, Math.min(4096, bytes - sent))
    sent += part.length
    if (stream.send(part)) continue
    try {
      await drained(stream, AbortSignal.timeout(STALL_PATIENCE_MS))
    } catch (err) {
      if (stream.status !== 'open') throw err
      break
    }
  }
  return accepted()
}

const watched = new Map()
let lastId = 0

// Keeps a stream for "reset" and reports its end unless that end is our own reset.
export function watch (stream, peer) {
  const streamId = ++lastId
  watched.set(streamId, stream)
  report(stream, peer, streamId)
  return streamId
}

export function reset (streamId) {
  const stream = watched.get(streamId)
  if (stream == null) throw new Error('no such stream')
  watched.delete(streamId)
  stream.abort(new Error('reset by the test'))
}

// Reads a stream to its end and tells which end that was. streamId is absent for a stream the other side opened.
async function report (stream, peer, streamId) {
  let received = 0
  const end = await receive(stream, data => { received += data.length })
  if (streamId != null && !watched.delete(streamId)) return
  if (end === 'eof') stream.close().catch(() => {})
  emit(`stream-${end}`, { peer: peer.toString(), protocol: stream.protocol, received, streamId })
}
