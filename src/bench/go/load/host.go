package main

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/core/transport"
	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	"github.com/libp2p/go-libp2p/p2p/protocol/identify"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
)

// identifyPatience is how long a relay may take to ask who the load is.
const identifyPatience = 5 * time.Second

// lightHost is a go-libp2p host without what a load does not need: libp2p.New costs some milliseconds of processor time
// for each, several times a handshake, which would make the load generator the bottleneck.
type lightHost struct {
	host.Host
	// asked is closed when the other side has identified this host.
	asked chan struct{}
}

// hostOptions says what a light host is to have beside a TCP dialer.
type hostOptions struct {
	circuits bool
	listens  bool
	handlers map[protocol.ID]network.StreamHandler
}

func newHost(o hostOptions) (*lightHost, error) {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return nil, err
	}
	limits := &watchingLimits{asked: make(chan struct{})}
	bus := eventbus.NewBus()
	net, err := newSwarm(key, bus, limits)
	if err != nil {
		return nil, err
	}
	up, err := addTCP(net, key, limits)
	if err != nil {
		return nil, err
	}
	if o.listens {
		if err := net.Listen(ma.StringCast("/ip4/127.0.0.1/tcp/0")); err != nil {
			return nil, err
		}
	}
	// With ping, because rust-libp2p answers no ping of a peer that has none itself.
	h, err := basichost.NewHost(net, &basichost.HostOpts{EventBus: bus, UserAgent: "chiral-bench/load", EnablePing: true})
	if err != nil {
		return nil, err
	}
	if o.circuits {
		if err := client.AddTransport(h, up); err != nil {
			return nil, err
		}
	}
	for id, handler := range o.handlers {
		h.SetStreamHandler(id, handler)
	}
	h.Start()
	return &lightHost{Host: h, asked: limits.asked}, nil
}

func newSwarm(key crypto.PrivKey, bus event.Bus, limits network.ResourceManager) (*swarm.Swarm, error) {
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return nil, err
	}
	store, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(store.AddPrivKey(id, key), store.AddPubKey(id, key.GetPublic())); err != nil {
		return nil, err
	}
	return swarm.NewSwarm(id, store, bus, swarm.WithResourceManager(limits))
}

func addTCP(net *swarm.Swarm, key crypto.PrivKey, limits network.ResourceManager) (transport.Upgrader, error) {
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
	return up, net.AddTransport(dialer)
}

// connected makes a host with a connection to the relay that both sides have identified.
func (l *load) connected(ctx context.Context, o hostOptions) (*lightHost, error) {
	h, err := newHost(o)
	if err != nil {
		return nil, err
	}
	if err := l.connect(ctx, h); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

func (l *load) connect(ctx context.Context, h *lightHost) error {
	if l.relay == nil {
		return errors.New("no relay yet")
	}
	// Connect, other than DialPeer, returns after this side's identify.
	if err := h.Connect(ctx, *l.relay); err != nil {
		return err
	}
	select {
	case <-h.asked:
		return nil
	case <-time.After(identifyPatience):
		return errors.New("the relay did not identify the load")
	}
}

// reserved is connected with a reservation.
func (l *load) reserved(ctx context.Context, o hostOptions) (*lightHost, error) {
	h, err := l.connected(ctx, o)
	if err != nil {
		return nil, err
	}
	if _, err := client.Reserve(ctx, h, *l.relay); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// watchingLimits limits nothing; it sees when the other side's identify stream is over, which nothing else tells.
type watchingLimits struct {
	network.NullResourceManager
	asked chan struct{}
	once  sync.Once
}

func (w *watchingLimits) OpenStream(_ peer.ID, direction network.Direction) (network.StreamManagementScope, error) {
	if direction != network.DirInbound {
		return &network.NullScope{}, nil
	}
	return &watchedStream{limits: w}, nil
}

type watchedStream struct {
	network.NullScope
	limits   *watchingLimits
	identify bool
}

func (s *watchedStream) SetProtocol(id protocol.ID) error {
	s.identify = id == identify.ID
	return nil
}

func (s *watchedStream) Done() {
	if s.identify {
		s.limits.once.Do(func() { close(s.limits.asked) })
	}
}
