package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

const (
	// startPatience is how long a relay may take until it accepts a connection.
	startPatience = 60 * time.Second
	// startPause lies between two tries; it is the error of the figure.
	startPause = 100 * time.Microsecond
)

// makeKey writes a new private key, which all relays of a bench share, and answers whose it is.
func (l *load) makeKey(c *command) (object, error) {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := crypto.MarshalPrivateKey(key)
	if err != nil {
		return nil, err
	}
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return object{"peer": id.String()}, os.WriteFile(c.File, encoded, 0o600)
}

func (l *load) setRelay(c *command) (object, error) {
	addr, err := ma.NewMultiaddr(c.Addr)
	if err != nil {
		return nil, err
	}
	l.relay, err = peer.AddrInfoFromP2pAddr(addr)
	if err == nil && c.DelayMs > 0 {
		err = l.distance(time.Duration(c.DelayMs) * time.Millisecond)
	}
	return object{}, err
}

// first knocks until the relay accepts, then connects; the answer has both moments in nanoseconds since 1970.
func (l *load) first(*command) (object, error) {
	h, err := newHost(hostOptions{})
	if err != nil {
		return nil, err
	}
	defer h.Close()
	listening, err := l.knock()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
	defer cancel()
	if err := h.Connect(ctx, *l.relay); err != nil {
		return nil, err
	}
	return object{"listening_at": listening.UnixNano(), "identified_at": time.Now().UnixNano()}, nil
}

func (l *load) knock() (time.Time, error) {
	network, addr, err := manet.DialArgs(l.relay.Addrs[0])
	if err != nil {
		return time.Time{}, err
	}
	for end := time.Now().Add(startPatience); time.Now().Before(end); time.Sleep(startPause) {
		if conn, err := net.Dial(network, addr); err == nil {
			now := time.Now()
			return now, conn.Close()
		}
	}
	return time.Time{}, errors.New("the relay does not listen")
}

// handshake connects count new identities, one after the other on each worker, and closes each.
func (l *load) handshake(c *command) (object, error) {
	return each(c.Count, c.Concurrency, func(ctx context.Context, _, _ int) error {
		h, err := l.connected(ctx, hostOptions{})
		if err != nil {
			return err
		}
		return h.Close()
	})
}

// hold opens count connections, with a reservation each if told so, and keeps them.
func (l *load) hold(c *command) (object, error) {
	hosts := make([]host.Host, c.Count)
	fields, err := each(c.Count, c.Concurrency, func(ctx context.Context, _, i int) error {
		open := l.connected
		if c.Reserve {
			open = l.reserved
		}
		h, err := open(ctx, hostOptions{})
		if err == nil {
			hosts[i] = h
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	l.held = append(l.held, hosts...)
	return fields, nil
}

// connectedNow answers how many of the held connections are still there.
func (l *load) connectedNow(*command) (object, error) {
	count := 0
	for _, h := range l.held {
		if h.Network().Connectedness(l.relay.ID) == network.Connected {
			count++
		}
	}
	return object{"count": count}, nil
}

// release closes everything that hold opened.
func (l *load) release(*command) (object, error) {
	var wg sync.WaitGroup
	for _, h := range l.held {
		wg.Go(func() { h.Close() })
	}
	wg.Wait()
	l.held = nil
	return object{}, nil
}

// reserveAll takes the first reservation of each held connection. The library verifies the voucher where there is one.
func (l *load) reserveAll(c *command) (object, error) {
	return l.reserveOn(l.held, len(l.held), c.Concurrency)
}

// reserve asks count times over as many of the held connections as run at the same time: all but the first are renewals.
func (l *load) reserve(c *command) (object, error) {
	if len(l.held) < c.Concurrency {
		return nil, fmt.Errorf("%d connections are held, not %d", len(l.held), c.Concurrency)
	}
	return l.reserveOn(l.held[:c.Concurrency], c.Count, c.Concurrency)
}

func (l *load) reserveOn(hosts []host.Host, count, concurrency int) (object, error) {
	var vouchers atomic.Int64
	fields, err := each(count, concurrency, func(ctx context.Context, worker, i int) error {
		h := hosts[worker]
		if len(hosts) == count {
			h = hosts[i]
		}
		reservation, err := client.Reserve(ctx, h, *l.relay)
		if err == nil && reservation.Voucher != nil {
			vouchers.Add(1)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	fields["vouchers"] = vouchers.Load()
	return fields, nil
}
