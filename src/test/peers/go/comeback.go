package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	pbv2 "github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/pb"
)

const comebackStep = 100 * time.Millisecond

// comeback keeps count reservations, and when the relay goes away gets each of them back from the one that comes in its
// place, on the same identity. "held" is told once all are there the first time; the result is what it took the second.
func (l *load) comeback() (object, error) {
	hosts, _, err := l.held()
	if err != nil {
		return nil, err
	}
	end := time.Now().Add(time.Duration(l.seconds) * time.Second)
	for hosts[0].Network().Connectedness(l.relay.ID) == network.Connected {
		if time.Now().After(end) {
			return nil, errors.New("the relay never went away")
		}
		time.Sleep(comebackStep)
	}
	l.emit("gone", object{})
	var refused atomic.Int64
	took, total, err := each(l.count, l.concurrency, func(_ context.Context, _, i int) error {
		for {
			err := l.again(hosts[i])
			var status client.ReservationError
			// the library's name for what was no answer of the relay
			if errors.As(err, &status) && status.Status != pbv2.Status_CONNECTION_FAILED {
				refused.Add(1)
			}
			if err == nil || time.Now().After(end) {
				return err
			}
			time.Sleep(comebackStep)
		}
	})
	if err != nil {
		return nil, err
	}
	fields := figures(took, total)
	l.emit("back", fields)
	waitForStop()
	fields["refused"] = refused.Load()
	return fields, nil
}

// again connects and reserves once more.
func (l *load) again(h host.Host) error {
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
	defer cancel()
	// the connection to the relay that went away may not be known to be gone yet
	if h.Network().Connectedness(l.relay.ID) != network.Connected {
		if _, err := dial(ctx, h, l.relay); err != nil {
			return err
		}
	}
	_, err := client.Reserve(ctx, h, *l.relay)
	return err
}
