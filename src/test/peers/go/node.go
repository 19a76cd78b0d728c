package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	"github.com/libp2p/go-libp2p/p2p/protocol/holepunch"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
)

const defaultBuffer = 2048

type nodeConfig struct {
	seed       uint64
	listen     []string
	agent      string
	earlyMuxer bool
	announce   []string
	natted     bool
	punches    punches
}

// newNode makes a host that has TCP, Noise, Yamux, identify, ping and the circuit client, and no limit of its own:
// what a test sees refused was refused by the other side.
func newNode(cfg *nodeConfig) (host.Host, error) {
	key, err := identity(cfg.seed)
	if err != nil {
		return nil, err
	}
	opts := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.UserAgent(cfg.agent),
		libp2p.ConnectionManager(connmgr.NullConnMgr{}),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.DisableMetrics(),
	}
	if cfg.natted {
		// The library's own switch: public addresses only, those that others observe among them.
		opts = append(opts, libp2p.EnableHolePunching(holepunch.WithTracer(&cfg.punches)))
	} else {
		opts = append(opts, libp2p.DisableIdentifyAddressDiscovery())
	}
	if cfg.earlyMuxer {
		opts = append(opts, libp2p.Security(noise.ID, noise.New))
	} else {
		opts = append(opts, libp2p.Security(noise.ID, noiseWithoutMuxers))
	}
	if len(cfg.listen) == 0 {
		opts = append(opts, libp2p.NoListenAddrs)
	} else {
		opts = append(opts, libp2p.ListenAddrStrings(cfg.listen...))
	}
	if len(cfg.announce) > 0 {
		opts = append(opts, announcing(cfg.announce))
	}
	// After NoListenAddrs, which switches the circuit client off.
	opts = append(opts, libp2p.EnableRelay())
	return libp2p.New(opts...)
}

func noiseWithoutMuxers(id protocol.ID, key crypto.PrivKey) (*noise.Transport, error) {
	return noise.New(id, key, nil)
}

// identity is the Ed25519 key of a seed. The three languages derive the same key from the same seed.
func identity(seed uint64) (crypto.PrivKey, error) {
	if seed == 0 {
		key, _, err := crypto.GenerateEd25519Key(rand.Reader)
		return key, err
	}
	secret := sha256.Sum256(fmt.Appendf(nil, "chiral-test-peer/%d", seed))
	return crypto.UnmarshalEd25519PrivateKey(ed25519.NewKeyFromSeed(secret[:]))
}

// serveCircuits makes h a relay without limits that also vouches for loopback addresses.
func serveCircuits(h host.Host, buffer int) error {
	resources := relay.DefaultResources()
	resources.BufferSize = buffer
	resources.MaxReservations = math.MaxInt32
	resources.MaxCircuits = math.MaxInt32
	resources.MaxReservationsPerIP = math.MaxInt32
	resources.MaxReservationsPerASN = math.MaxInt32
	_, err := relay.New(h,
		relay.WithResources(resources),
		relay.WithInfiniteLimits(),
		relay.WithReservationAddressFilter(func(ma.Multiaddr) bool { return true }))
	return err
}
