// A real js-libp2p peer that the interop tests drive over JSON lines.
import './compat.mjs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' },
    listen: { type: 'string', multiple: true, default: [] },
    agent: { type: 'string', default: 'chiral-test-peer/js' },
    announce: { type: 'string', multiple: true, default: [] },
    relay: { type: 'boolean', default: false },
    holepunch: { type: 'boolean', default: false },
    kad: { type: 'string' }
  }
})

// The library tells what comes of a hole punch in its log only.
if (flags.holepunch) process.env.DEBUG ??= 'libp2p:dcutr*'

// Imported only now: the library must not load before the gaps are filled.
const { connectionFields, execute } = await import('./commands.mjs')
const { createNode } = await import('./node.mjs')
const { emit } = await import('./output.mjs')
const { serve } = await import('./streams.mjs')

// The newest identify message of each connected peer, and who waits for the first.
const identified = {
  known: new Map(),
  waiting: new Map(),
  async of (peer) {
    if (this.known.has(peer)) return this.known.get(peer)
    return new Promise(resolve => { this.waiting.set(peer, [...this.waiting.get(peer) ?? [], resolve]) })
  },
  set (peer, message) {
    this.known.set(peer, message)
    for (const resolve of this.waiting.get(peer) ?? []) resolve(message)
    this.waiting.delete(peer)
  }
}

const node = await createNode(flags)
await serve(node)
emit('ready', { peer: node.peerId.toString(), addrs: node.getMultiaddrs().map(String) })

const connections = new Map()
node.addEventListener('connection:open', ({ detail: connection }) => {
  const peer = connection.remotePeer.toString()
  connections.set(peer, (connections.get(peer) ?? 0) + 1)
  emit('connected', connectionFields(connection))
})
node.addEventListener('connection:close', ({ detail: connection }) => {
  const peer = connection.remotePeer.toString()
  emit('connection-closed', connectionFields(connection))
  const left = connections.get(peer) - 1
  connections.set(peer, left)
  if (left === 0) {
    connections.delete(peer)
    identified.known.delete(peer)
    emit('disconnected', { peer })
  }
})
node.addEventListener('peer:identify', ({ detail }) => {
  identified.set(detail.peerId.toString(), {
    agent: detail.agentVersion,
    protocolVersion: detail.protocolVersion,
    protocols: detail.protocols,
    listenAddrs: detail.listenAddrs.map(String),
    observedAddr: detail.observedAddr?.toString(),
    signedRecord: detail.signedPeerRecord != null
  })
})

for await (const line of createInterface({ input: process.stdin })) {
  let command
  try {
    command = JSON.parse(line)
  } catch (err) {
    console.error('peer: not a command:', err.message)
    continue
  }
  if (command.cmd === 'quit') {
    emit('result', { id: command.id, ok: true })
    break
  }
  execute(node, identified, command).then(fields => { emit('result', fields) })
}
process.exit(0)
