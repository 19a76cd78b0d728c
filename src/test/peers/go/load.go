package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
)

// load holds what every load subcommand may be told; each reads its own part.
type load struct {
	*emitter
	relay       *peer.AddrInfo
	count       int
	concurrency int
	seconds     int
	circuits    int
	bytes       int64
	raw         bool
}

const stepTimeout = 30 * time.Second

// runLoad runs one load and prints its figures as one object, after the event "held" where there is one.
func runLoad(args []string) error {
	kinds := map[string]func(*load) (object, error){
		"hold":       (*load).hold,
		"comeback":   (*load).comeback,
		"handshake":  (*load).handshake,
		"reserve":    (*load).reserve,
		"circuit":    (*load).circuit,
		"throughput": (*load).throughput,
	}
	if len(args) == 0 || kinds[args[0]] == nil {
		return errors.New("load wants one of hold, comeback, handshake, reserve, circuit, throughput")
	}
	l := &load{emitter: newEmitter(os.Stdout)}
	fs := flag.NewFlagSet("load "+args[0], flag.ExitOnError)
	addr := fs.String("addr", "", "the relay, with /p2p/ID")
	fs.IntVar(&l.count, "count", 1000, "connections, reservations or circuits to make")
	fs.IntVar(&l.concurrency, "concurrency", 8, "how many at the same time")
	fs.IntVar(&l.seconds, "seconds", 60, "hold: how long at most")
	fs.IntVar(&l.circuits, "circuits", 8, "throughput: circuits at the same time")
	fs.Int64Var(&l.bytes, "bytes", 1<<30, "throughput: bytes over all circuits")
	fs.BoolVar(&l.raw, "raw", false, "throughput, circuit: no Noise and Yamux inside the circuit")
	fs.Parse(args[1:])
	var err error
	if l.relay, err = parseAddr(*addr); err != nil {
		return err
	}
	fields, err := kinds[args[0]](l)
	if err != nil {
		return err
	}
	fields["load"] = args[0]
	l.emit("done", fields)
	return nil
}

// connected makes a host with an identified connection to the relay.
func (l *load) connected(ctx context.Context, circuits bool) (host.Host, error) {
	h, err := newLightHost(circuits)
	if err != nil {
		return nil, err
	}
	// Connect, other than DialPeer, returns after identify.
	if err := h.Connect(ctx, *l.relay); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// reserved is connected with a reservation.
func (l *load) reserved(ctx context.Context, circuits bool) (host.Host, error) {
	h, err := l.connected(ctx, circuits)
	if err != nil {
		return nil, err
	}
	if _, err := client.Reserve(ctx, h, *l.relay); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// each runs step(worker, i) for every i below n on the given number of workers and returns the time of each run in
// milliseconds and the time of all. The first error ends the load.
func each(n, workers int, step func(ctx context.Context, worker, i int) error) ([]float64, time.Duration, error) {
	took := make([]float64, n)
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for w := range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
				begin := time.Now()
				err := step(network.WithAllowLimitedConn(ctx, "load"), w, i)
				took[i] = float64(time.Since(begin).Microseconds()) / 1000
				cancel()
				if err != nil {
					failed.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return nil, 0, *err
	}
	return took, time.Since(start), nil
}

func figures(took []float64, total time.Duration) object {
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(q*float64(len(took)-1))] }
	return object{
		"count":     len(took),
		"seconds":   total.Seconds(),
		"perSecond": float64(len(took)) / total.Seconds(),
		"p50Ms":     at(0.5),
		"p99Ms":     at(0.99),
	}
}

// held makes count connections with a reservation each, and tells when all are there.
func (l *load) held() ([]host.Host, object, error) {
	hosts := make([]host.Host, l.count)
	took, total, err := each(l.count, l.concurrency, func(ctx context.Context, _, i int) (err error) {
		hosts[i], err = l.reserved(ctx, true)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	fields := figures(took, total)
	l.emit("held", fields)
	return hosts, fields, nil
}

// hold keeps count connections with a reservation each until stdin says so or the time is up.
func (l *load) hold() (object, error) {
	hosts, fields, err := l.held()
	if err != nil {
		return nil, err
	}
	stop := make(chan struct{})
	go func() {
		waitForStop()
		close(stop)
	}()
	select {
	case <-stop:
	case <-time.After(time.Duration(l.seconds) * time.Second):
	}
	still := 0
	for _, h := range hosts {
		if h.Network().Connectedness(l.relay.ID) == network.Connected {
			still++
		}
	}
	fields["stillConnected"] = still
	return fields, nil
}

// handshake connects count new identities, waits for identify and closes.
func (l *load) handshake() (object, error) {
	took, total, err := each(l.count, l.concurrency, func(ctx context.Context, _, _ int) error {
		h, err := l.connected(ctx, false)
		if err != nil {
			return err
		}
		return h.Close()
	})
	if err != nil {
		return nil, err
	}
	return figures(took, total), nil
}

// reserve makes and renews count reservations over as many held connections as run at the same time.
func (l *load) reserve() (object, error) {
	hosts := make([]host.Host, l.concurrency)
	_, _, err := each(l.concurrency, l.concurrency, func(ctx context.Context, _, i int) (err error) {
		hosts[i], err = l.connected(ctx, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	took, total, err := each(l.count, l.concurrency, func(ctx context.Context, worker, _ int) error {
		_, err := client.Reserve(ctx, hosts[worker], *l.relay)
		return err
	})
	if err != nil {
		return nil, err
	}
	return figures(took, total), nil
}

// circuit opens and closes count circuits. The time of one ends with the inner handshake, or with the relay's OK if raw.
func (l *load) circuit() (object, error) {
	pairs, err := l.pairs(l.concurrency)
	if err != nil {
		return nil, err
	}
	took, total, err := each(l.count, l.concurrency, func(ctx context.Context, worker, _ int) error {
		c, err := pairs[worker].open(ctx)
		if err != nil {
			return err
		}
		return c.close()
	})
	if err != nil {
		return nil, err
	}
	return figures(took, total), nil
}

// throughput sends bytes one way over all circuits at the same time, until each destination has told that it has them.
func (l *load) throughput() (object, error) {
	pairs, err := l.pairs(l.circuits)
	if err != nil {
		return nil, err
	}
	streams := make([]network.Stream, l.circuits)
	_, _, err = each(l.circuits, l.circuits, func(ctx context.Context, _, i int) error {
		c, err := pairs[i].open(ctx)
		if err != nil {
			return err
		}
		streams[i], err = c.data(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	share := l.bytes / int64(l.circuits)
	_, total, err := each(l.circuits, l.circuits, func(_ context.Context, _, i int) error {
		return transfer(streams[i], share)
	})
	if err != nil {
		return nil, err
	}
	sent := share * int64(l.circuits)
	return object{
		"circuits": l.circuits,
		"raw":      l.raw,
		"bytes":    sent,
		"seconds":  total.Seconds(),
		"MBps":     float64(sent) / 1e6 / total.Seconds(),
	}, nil
}

// pairs makes n sources and n destinations with a reservation.
func (l *load) pairs(n int) ([]*pair, error) {
	pairs := make([]*pair, n)
	_, _, err := each(n, n, func(ctx context.Context, _, i int) (err error) {
		pairs[i], err = l.newPair(ctx)
		return err
	})
	return pairs, err
}
