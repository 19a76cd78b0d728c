package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/protocol/autonatv2"

	dht "github.com/libp2p/go-libp2p-kad-dht"
	ma "github.com/multiformats/go-multiaddr"
)

// command holds the fields of every command; each command reads its own.
type command struct {
	ID        json.RawMessage `json:"id"`
	Cmd       string          `json:"cmd"`
	Addr      string          `json:"addr"`
	Peer      string          `json:"peer"`
	Via       string          `json:"via"`
	Key       string          `json:"key"`
	Value     string          `json:"value"`
	Bytes     int64           `json:"bytes"`
	Chunk     int             `json:"chunk"`
	Count     int             `json:"count"`
	StreamID  int64           `json:"streamId"`
	Hex       string          `json:"hex"`
	ThenHex   string          `json:"thenHex"`
	Keep      bool            `json:"keep"`
	Addrs     []string        `json:"addrs"`
	TimeoutMs int64           `json:"timeout_ms"`
}

type driver struct {
	*emitter
	host    host.Host
	kad     protocol.ID
	dht     *dht.IpfsDHT
	streams streamTable
	autonat *autonatv2.AutoNAT

	mu         sync.Mutex
	connCount  map[peer.ID]int
	identified map[peer.ID]event.EvtPeerIdentificationCompleted
}

func newDriver(h host.Host, kad string) (*driver, error) {
	d := &driver{
		emitter:    newEmitter(os.Stdout),
		host:       h,
		kad:        protocol.ID(kad),
		connCount:  map[peer.ID]int{},
		identified: map[peer.ID]event.EvtPeerIdentificationCompleted{},
	}
	// Handlers and notifications come after "ready", which has to be the first line.
	d.ready(h)
	h.Network().Notify(&network.NotifyBundle{
		ConnectedF:    func(_ network.Network, c network.Conn) { d.connected(c) },
		DisconnectedF: func(_ network.Network, c network.Conn) { d.disconnected(c) },
	})
	if err := d.watchIdentify(); err != nil {
		return nil, err
	}
	d.serve()
	if kad != "" {
		var err error
		d.dht, err = newDHT(context.Background(), h, d.kad)
		return d, err
	}
	return d, nil
}

func (d *driver) connected(c network.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.connCount[c.RemotePeer()]++
	d.emit("connected", connFields(c))
}

func (d *driver) disconnected(c network.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := c.RemotePeer()
	d.emit("connection-closed", connFields(c))
	d.connCount[p]--
	if d.connCount[p] == 0 {
		delete(d.connCount, p)
		delete(d.identified, p)
		d.emit("disconnected", object{"peer": p.String()})
	}
}

func connFields(c network.Conn) object {
	direction := "inbound"
	if c.Stat().Direction == network.DirOutbound {
		direction = "outbound"
	}
	return object{
		"peer":      c.RemotePeer().String(),
		"addr":      c.RemoteMultiaddr().String(),
		"limited":   c.Stat().Limited,
		"direction": direction,
	}
}

// watchIdentify keeps the newest identify message (or push) of each connected peer.
func (d *driver) watchIdentify() error {
	sub, err := d.host.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted))
	if err != nil {
		return err
	}
	go func() {
		for e := range sub.Out() {
			done := e.(event.EvtPeerIdentificationCompleted)
			d.mu.Lock()
			d.identified[done.Peer] = done
			d.mu.Unlock()
		}
	}()
	return nil
}

// run answers commands until "quit" or the end of input.
func (d *driver) run(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			fmt.Fprintln(os.Stderr, "peer: not a command:", err)
			continue
		}
		if c.Cmd == "quit" {
			d.answer(&c, object{}, nil)
			return nil
		}
		go d.execute(&c)
	}
	return lines.Err()
}

func (d *driver) execute(c *command) {
	timeout := 30 * time.Second
	if c.TimeoutMs > 0 {
		timeout = time.Duration(c.TimeoutMs) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	ctx = network.WithAllowLimitedConn(ctx, "test")

	start := time.Now()
	fields, err := d.dispatch(ctx, c)
	if fields == nil {
		fields = object{}
	}
	fields["ms"] = float64(time.Since(start).Microseconds()) / 1000
	d.answer(c, fields, err)
}

func (d *driver) dispatch(ctx context.Context, c *command) (object, error) {
	switch c.Cmd {
	case "connect":
		return d.connect(ctx, c)
	case "reserve":
		return d.reserve(ctx, c)
	case "relayAuth":
		return d.relayAuth(ctx, c)
	case "rawHop":
		return d.rawHop(ctx, c)
	case "reset":
		return nil, d.streams.reset(c.StreamID)
	case "peers":
		return d.peers(), nil
	case "punches":
		return nil, d.awaitPunches(ctx)
	case "put", "get", "provide", "providers":
		return d.kadCommand(ctx, c)
	}
	p, err := peer.Decode(c.Peer)
	if err != nil {
		return nil, fmt.Errorf("%s needs a peer: %w", c.Cmd, err)
	}
	switch c.Cmd {
	case "disconnect":
		return nil, d.host.Network().ClosePeer(p)
	case "identify":
		return d.identify(ctx, p)
	case "ping":
		return d.ping(ctx, p, max(c.Count, 1))
	case "echo":
		return d.echo(ctx, p, c)
	case "sink":
		return d.sink(ctx, p, c)
	case "hold":
		return d.hold(ctx, p)
	case "stall":
		return d.stall(ctx, p, c)
	case "autonat1":
		return d.autonat1(ctx, p, c)
	case "autonat2":
		return d.autonat2(ctx, c)
	case "connections":
		return d.connections(p), nil
	case "find":
		if c.Via == "" {
			return d.findPeer(ctx, p)
		}
		return d.find(ctx, p, c.Via)
	}
	return nil, errors.New("unknown command " + c.Cmd)
}

func (d *driver) answer(c *command, fields object, err error) {
	fields["id"] = c.ID
	fields["ok"] = err == nil
	if err != nil {
		fields["error"] = err.Error()
	}
	d.emit("result", fields)
}

func parseAddr(s string) (*peer.AddrInfo, error) {
	a, err := ma.NewMultiaddr(s)
	if err != nil {
		return nil, err
	}
	return peer.AddrInfoFromP2pAddr(a)
}
