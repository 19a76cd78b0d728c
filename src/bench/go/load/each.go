package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
)

// stepTimeout bounds one connection, reservation or circuit.
const stepTimeout = 30 * time.Second

// each runs step(worker, i) for every i below n on the given number of workers; the first error ends it.
func each(n, workers int, step func(ctx context.Context, worker, i int) error) (object, error) {
	took := make([]float64, n)
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for w := range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				begin := time.Now()
				if err := bounded(w, i, step); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
				took[i] = float64(time.Since(begin).Nanoseconds()) / 1e6
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return figures(took, time.Since(start)), nil
}

func bounded(worker, i int, step func(ctx context.Context, worker, i int) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
	defer cancel()
	return step(network.WithAllowLimitedConn(ctx, "load"), worker, i)
}

// figures sums up what each step took in milliseconds.
func figures(took []float64, total time.Duration) object {
	if len(took) == 0 {
		return object{"count": 0, "seconds": total.Seconds()}
	}
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(q*float64(len(took)-1))] }
	return object{
		"count":      len(took),
		"seconds":    total.Seconds(),
		"per_second": float64(len(took)) / total.Seconds(),
		"p50_ms":     at(0.5),
		"p99_ms":     at(0.99),
	}
}
