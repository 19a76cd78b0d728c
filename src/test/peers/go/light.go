package main

import (
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/sec"
	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
)

// newLightHost is newNode without what a load does not need. libp2p.New costs some milliseconds of processor time for
// each host, several times a handshake, which would make the load generator the bottleneck.
func newLightHost(circuits bool) (host.Host, error) {
	key, err := identity(0)
	if err != nil {
		return nil, err
	}
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return nil, err
	}
	store, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, err
	}
	if err := store.AddPrivKey(id, key); err != nil {
		return nil, err
	}
	if err := store.AddPubKey(id, key.GetPublic()); err != nil {
		return nil, err
	}
	bus := eventbus.NewBus()
	limits := &network.NullResourceManager{}
	net, err := swarm.NewSwarm(id, store, bus, swarm.WithResourceManager(limits))
	if err != nil {
		return nil, err
	}
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	secure, err := noise.New(noise.ID, key, muxers)
	if err != nil {
		return nil, err
	}
	up, err := upgrader.New([]sec.SecureTransport{secure}, muxers, nil, limits, nil)
	if err != nil {
		return nil, err
	}
	dialer, err := tcp.NewTCPTransport(up, limits, nil)
	if err != nil {
		return nil, err
	}
	if err := net.AddTransport(dialer); err != nil {
		return nil, err
	}
	h, err := basichost.NewHost(net, &basichost.HostOpts{EventBus: bus, UserAgent: "chiral-test-load/go"})
	if err != nil {
		return nil, err
	}
	if circuits {
		if err := client.AddTransport(h, up); err != nil {
			return nil, err
		}
	}
	h.Start()
	return h, nil
}
