// Command relay is the rival on go-libp2p: a relay without limits and a DHT server, over TCP, Noise and Yamux.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"os/signal"
	"syscall"

	"github.com/libp2p/go-libp2p"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
)

// libraryBuffer is the copy buffer that go-libp2p's relay has by default.
const libraryBuffer = 2048

func main() {
	keyFile := flag.String("key", "", "file of the private key, in libp2p's protobuf form")
	listen := flag.String("listen", "/ip4/127.0.0.1/tcp/0", "where to listen")
	kad := flag.String("kad", "/chiral", "prefix of the DHT's protocol")
	buffer := flag.Int("buffer", libraryBuffer, "the relay's copy buffer in bytes")
	flag.Parse()
	if err := run(*keyFile, *listen, *kad, *buffer); err != nil {
		log.Fatal(err)
	}
}

func run(keyFile, listen, kad string, buffer int) error {
	h, err := newHost(keyFile, listen)
	if err != nil {
		return err
	}
	defer h.Close()
	// Its own refresh of the table runs, as it does in any node.
	if _, err := dht.New(context.Background(), h, dht.Mode(dht.ModeServer), dht.ProtocolPrefix(protocol.ID(kad))); err != nil {
		return err
	}
	if err := serveCircuits(h, buffer); err != nil {
		return err
	}
	fmt.Printf("{\"event\":\"listening\",\"peer\":%q}\n", h.ID())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
	return nil
}

func newHost(keyFile, listen string) (host.Host, error) {
	encoded, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	key, err := crypto.UnmarshalPrivateKey(encoded)
	if err != nil {
		return nil, err
	}
	return libp2p.New(
		libp2p.Identity(key),
		libp2p.ListenAddrStrings(listen),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.UserAgent("chiral-bench/go"),
		libp2p.ConnectionManager(connmgr.NullConnMgr{}),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.DisableMetrics())
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
