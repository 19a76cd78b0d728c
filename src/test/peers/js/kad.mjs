// The Kademlia server of the peer, and its commands.
import { createHash } from 'node:crypto'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

const RAW = 0x55
const SHA2_256 = 0x12

// Values under keys that begin with /chiral/ may be anything. The library's own look around would only disturb tests.
export function createDht (protocol) {
  return kadDHT({
    protocol,
    clientMode: false,
    peerInfoMapper: passthroughMapper,
    validators: { chiral: async () => {} },
    selectors: { chiral: () => 0 }
  })
}

// The key that all languages provide for a text: the CID of its SHA-256.
function provided (key) {
  return CID.createV1(RAW, create(SHA2_256, createHash('sha256').update(key).digest()))
}

// Waits until the library's table has somebody to ask: it admits a peer a moment after the connection.
async function routed (dht, signal) {
  while (dht.routingTable.size === 0) {
    signal.throwIfAborted()
    await new Promise(resolve => { setTimeout(resolve, 20) })
  }
  return dht
}

export async function kad (node, c, signal) {
  if (node.services.dht == null) throw new Error('needs --kad')
  await routed(node.services.dht, signal)
  switch (c.cmd) {
    case 'find': {
      const found = await node.peerRouting.findPeer(peerIdFromString(c.peer), { signal, useCache: false })
      return { peer: found.id.toString(), addrs: found.multiaddrs.map(String) }
    }
    case 'put':
      await node.contentRouting.put(Buffer.from(c.key), Buffer.from(c.value), { signal })
      return {}
    case 'get':
      return { value: Buffer.from(await node.contentRouting.get(Buffer.from(c.key), { signal })).toString() }
    case 'provide':
      await node.contentRouting.provide(provided(c.key), { signal })
      return {}
    case 'providers': {
      const providers = []
      for await (const provider of node.contentRouting.findProviders(provided(c.key), { signal })) {
        providers.push(provider.id.toString())
      }
      return { providers }
    }
  }
}
