package main

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/holepunch"
	ma "github.com/multiformats/go-multiaddr"
)

// punchHoles makes h speak DCUtR. The library's own switch leaves loopback addresses out; here the listen addresses are
// exchanged whatever they are.
func punchHoles(h host.Host) error {
	listening := func() []ma.Multiaddr {
		addrs, err := h.Network().InterfaceListenAddresses()
		if err != nil {
			return nil
		}
		return slices.DeleteFunc(addrs, func(a ma.Multiaddr) bool {
			_, err := a.ValueForProtocol(ma.P_CIRCUIT)
			return err == nil
		})
	}
	_, err := holepunch.NewService(h, h.(identifier).IDService(), listening)
	return err
}

// punches tells what comes of each attempt of the library, which traces one punch after the other.
type punches struct {
	to      atomic.Pointer[emitter]
	attempt atomic.Int64
}

func (p *punches) Trace(e *holepunch.Event) {
	to := p.to.Load()
	if to == nil {
		return
	}
	fields := object{"peer": e.Remote.String()}
	switch evt := e.Evt.(type) {
	case *holepunch.HolePunchAttemptEvt:
		p.attempt.Store(int64(evt.Attempt))
		return
	case *holepunch.EndHolePunchEvt:
		fields["ok"], fields["error"], fields["attempt"] = evt.Success, evt.Error, p.attempt.Load()
	case *holepunch.ProtocolErrorEvt:
		fields["ok"], fields["error"] = false, evt.Error
	default:
		return
	}
	to.emit("dcutr", fields)
}

// awaitPunches waits until the library speaks DCUtR, which it does once it knows an address to tell.
func (d *driver) awaitPunches(ctx context.Context) error {
	for !slices.Contains(d.host.Mux().Protocols(), holepunch.Protocol) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// connections lists what leads to p: address, direction, and whether a relay limits it.
func (d *driver) connections(p peer.ID) object {
	list := []object{}
	for _, c := range d.host.Network().ConnsToPeer(p) {
		if !c.IsClosed() {
			list = append(list, connFields(c))
		}
	}
	return object{"connections": list}
}

// announcing makes a host tell these addresses and no others.
func announcing(addrs []string) libp2p.Option {
	return libp2p.AddrsFactory(func([]ma.Multiaddr) []ma.Multiaddr {
		told := []ma.Multiaddr{}
		for _, a := range addrs {
			told = append(told, ma.StringCast(a))
		}
		return told
	})
}
