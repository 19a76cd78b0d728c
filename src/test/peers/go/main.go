// Command peer is a real go-libp2p peer that the interop tests drive over JSON lines.
// "peer relay" runs a relay without limits and "peer load ..." puts load on a relay for the bench.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	args := os.Args[1:]
	var err error
	switch {
	case len(args) > 0 && args[0] == "load":
		err = runLoad(args[1:])
	case len(args) > 0 && args[0] == "relay":
		err = runRelay(args[1:])
	default:
		err = runPeer(args)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

// repeated collects a flag that may be given several times.
type repeated []string

func (r *repeated) String() string     { return strings.Join(*r, ",") }
func (r *repeated) Set(v string) error { *r = append(*r, v); return nil }

func nodeFlags(fs *flag.FlagSet) *nodeConfig {
	cfg := &nodeConfig{}
	fs.Uint64Var(&cfg.seed, "seed", 0, "derive the identity from this number (0 = random)")
	fs.Var((*repeated)(&cfg.listen), "listen", "listen multiaddr, may be repeated")
	fs.Var((*repeated)(&cfg.announce), "announce", "multiaddr to tell in identify instead, may be repeated")
	fs.BoolVar(&cfg.natted, "natted", false, "speak DCUtR as the library ships it, with the public addresses others observe")
	fs.StringVar(&cfg.agent, "agent", "chiral-test-peer/go", "identify agent version")
	cfg.earlyMuxer = true
	// Not BoolVar, which would not take its value as an argument of its own.
	fs.Func("muxer-early", "negotiate the muxer inside the Noise handshake: true or false (default true)",
		func(v string) (err error) {
			cfg.earlyMuxer, err = strconv.ParseBool(v)
			return err
		})
	return cfg
}

func runPeer(args []string) error {
	fs := flag.NewFlagSet("peer", flag.ExitOnError)
	cfg := nodeFlags(fs)
	relay := fs.Bool("relay", false, "serve circuits without limits")
	kad := fs.String("kad", "", "serve Kademlia under this protocol id")
	autonat := fs.String("autonat", "", "serve and ask AutoNAT of these versions: 1, 2 or 12")
	mdns := fs.Bool("mdns", false, "find peers on the link and be found; emits mdns events")
	punch := fs.Bool("holepunch", false, "speak DCUtR, with the listen addresses as they are")
	fs.Parse(args)

	h, err := newNode(cfg)
	if err != nil {
		return err
	}
	defer h.Close()
	v2, err := serveAutonat(h, *autonat)
	if err != nil {
		return err
	}
	if *punch {
		if err := punchHoles(h); err != nil {
			return err
		}
	}
	if *relay {
		if err := serveCircuits(h, defaultBuffer); err != nil {
			return err
		}
	}
	d, err := newDriver(h, *kad)
	if err != nil {
		return err
	}
	d.autonat = v2
	cfg.punches.to.Store(d.emitter)
	if *mdns {
		if err := d.serveMdns(); err != nil {
			return err
		}
	}
	return d.run(os.Stdin)
}

func runRelay(args []string) error {
	fs := flag.NewFlagSet("relay", flag.ExitOnError)
	cfg := nodeFlags(fs)
	buffer := fs.Int("buffer", defaultBuffer, "copy buffer of a circuit in bytes")
	fs.Parse(args)

	h, err := newNode(cfg)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := serveCircuits(h, *buffer); err != nil {
		return err
	}
	newEmitter(os.Stdout).ready(h)
	waitForStop()
	return nil
}
