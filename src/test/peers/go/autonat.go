package main

import (
	"context"
	"errors"
	"reflect"
	"time"
	"unsafe"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/host/autonat"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/autonatv2"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
)

// serveAutonat makes h a server and a client of AutoNAT v1 and v2 that takes loopback for a network like any other.
// versions is "1", "2" or "12".
func serveAutonat(h host.Host, versions string) (*autonatv2.AutoNAT, error) {
	var v2 *autonatv2.AutoNAT
	for _, version := range versions {
		dialer, err := newDialer()
		if err != nil {
			return nil, err
		}
		switch version {
		case '1':
			_, err = autonat.New(h, autonat.EnableService(dialer.Network()),
				autonat.WithReachability(network.ReachabilityPublic), selfDials())
		case '2':
			v2, err = autonatv2.New(dialer, autonatv2.AllowPrivateAddrs, noThrottle())
			if err == nil {
				err = v2.Start(h)
			}
		default:
			err = errors.New("no version of AutoNAT: " + string(version))
		}
		if err != nil {
			return nil, err
		}
	}
	return v2, nil
}

// newDialer is the second host that dials back: the library wants one of its own.
func newDialer() (host.Host, error) {
	return libp2p.New(
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.DisableMetrics(),
		libp2p.NoListenAddrs)
}

// selfDials is the switch that the library's own tests use to take loopback addresses. It has no public name.
func selfDials() autonat.Option {
	var option autonat.Option
	return setting(option, func(config reflect.Value) {
		*(*bool)(pointer(config.FieldByName("dialPolicy").FieldByName("allowSelfDials"))) = true
	}).(autonat.Option)
}

// noThrottle lets the client ask the same server again at once, as the library's own tests do.
func noThrottle() autonatv2.AutoNATOption {
	var option autonatv2.AutoNATOption
	return setting(option, func(settings reflect.Value) {
		*(*time.Duration)(pointer(settings.FieldByName("throttlePeerDuration"))) = 0
	}).(autonatv2.AutoNATOption)
}

func pointer(field reflect.Value) unsafe.Pointer { return unsafe.Pointer(field.UnsafeAddr()) }

// setting makes an option, a func(*T) error with a T of another package, that changes T.
func setting(option any, change func(reflect.Value)) any {
	kind := reflect.TypeOf(option)
	return reflect.MakeFunc(kind, func(args []reflect.Value) []reflect.Value {
		change(args[0].Elem())
		return []reflect.Value{reflect.Zero(kind.Out(0))}
	}).Interface()
}

// autonat1 asks p to dial this peer back, by the addresses given or all that it listens on.
func (d *driver) autonat1(ctx context.Context, p peer.ID, c *command) (object, error) {
	addrs, err := d.addrs(c)
	if err != nil {
		return nil, err
	}
	err = autonat.NewAutoNATClient(d.host, func() []ma.Multiaddr { return addrs }, nil).DialBack(ctx, p)
	var refused autonat.Error
	if errors.As(err, &refused) {
		return object{"status": refused.Status.String(), "text": refused.Text}, err
	}
	return object{"status": "OK"}, err
}

// autonat2 asks the one connected server to dial this peer back, and pays dial data for the first address.
func (d *driver) autonat2(ctx context.Context, c *command) (object, error) {
	if d.autonat == nil {
		return nil, errors.New("autonat2 needs --autonat 2")
	}
	addrs, err := d.addrs(c)
	if err != nil {
		return nil, err
	}
	requests := []autonatv2.Request{}
	for _, a := range addrs {
		requests = append(requests, autonatv2.Request{Addr: a, SendDialData: !c.Keep})
	}
	// The library learns of a server a moment after identify.
	for {
		result, err := d.autonat.GetReachability(ctx, requests)
		if errors.Is(err, autonatv2.ErrNoPeers) && ctx.Err() == nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if err != nil {
			return nil, err
		}
		addr := ""
		if result.Addr != nil {
			addr = result.Addr.String()
		}
		return object{"addr": addr, "index": result.Idx, "reachability": result.Reachability.String(),
			"refused": result.AllAddrsRefused}, nil
	}
}

func (d *driver) addrs(c *command) ([]ma.Multiaddr, error) {
	if len(c.Addrs) == 0 {
		return d.host.Network().ListenAddresses(), nil
	}
	addrs := []ma.Multiaddr{}
	for _, text := range c.Addrs {
		a, err := ma.NewMultiaddr(text)
		if err != nil {
			return nil, err
		}
		addrs = append(addrs, a)
	}
	return addrs, nil
}
