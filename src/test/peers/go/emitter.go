package main

import (
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/libp2p/go-libp2p/core/host"
	ma "github.com/multiformats/go-multiaddr"
)

type object map[string]any

// emitter writes one JSON object per line; several goroutines may use it.
type emitter struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func newEmitter(w io.Writer) *emitter { return &emitter{enc: json.NewEncoder(w)} }

func (e *emitter) emit(event string, fields object) {
	out := object{"event": event}
	for k, v := range fields {
		out[k] = v
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.enc.Encode(out)
}

func (e *emitter) ready(h host.Host) {
	addrs := []string{}
	for _, a := range h.Addrs() {
		if _, err := a.ValueForProtocol(ma.P_CIRCUIT); err != nil {
			addrs = append(addrs, a.String()+"/p2p/"+h.ID().String())
		}
	}
	e.emit("ready", object{"peer": h.ID().String(), "addrs": addrs})
}

// waitForStop returns when stdin ends or says anything, or at SIGTERM or SIGINT.
func waitForStop() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		os.Stdin.Read(make([]byte, 1))
		stop <- syscall.SIGTERM
	}()
	<-stop
}
