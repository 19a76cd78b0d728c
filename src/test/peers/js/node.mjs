import { createHash } from 'node:crypto'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { dcutr } from '@libp2p/dcutr'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { createDht } from './kad.mjs'

const MANY = 1_000_000

// The library grants window for what has come in, read or not, grows it to 16 MiB, and resets a stream with 4 MiB unread.
// So a stream its handler pauses, as backpressure asks for, would be reset: the window stays small and the limit is off.
const STREAM_OPTIONS = { maxStreamWindowSize: 256 * 1024, maxReadBufferLength: Infinity }

// The Ed25519 key of a seed. The three languages derive the same key from the same seed.
async function identity (seed) {
  if (seed === '0') return generateKeyPair('Ed25519')
  return generateKeyPairFromSeed('Ed25519', createHash('sha256').update(`chiral-test-peer/${seed}`).digest())
}

// A node without limits of its own: what a test sees refused was refused by the other side.
export async function createNode ({ seed, listen, announce, agent, relay, kad, holepunch }) {
  const node = await createLibp2p({
    privateKey: await identity(seed),
    nodeInfo: { userAgent: agent },
    addresses: { listen, announce },
    transports: [tcp(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ streamOptions: STREAM_OPTIONS })],
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: MANY,
      inboundConnectionThreshold: MANY,
      maxIncomingPendingConnections: MANY
    },
    services: {
      identify: identify(),
      ping: ping({ maxInboundStreams: MANY, maxOutboundStreams: MANY }),
      ...(holepunch && { dcutr: dcutr() }),
      ...(kad && { dht: createDht(kad) }),
      ...(relay && {
        relay: circuitRelayServer({
          reservations: { maxReservations: MANY, applyDefaultLimit: false },
          maxInboundHopStreams: MANY,
          maxOutboundHopStreams: MANY,
          maxOutboundStopStreams: MANY
        })
      })
    }
  })
  // The library dials a relay again whose connection ended; a test decides that here.
  node.components.connectionManager.reconnectQueue.stop()
  return node
}
