package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ipfs/go-cid"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multihash"
)

// anything is the validator of the test keys: the values are nobody's business.
type anything struct{}

func (anything) Validate(string, []byte) error        { return nil }
func (anything) Select(string, [][]byte) (int, error) { return 0, nil }

// newDHT makes a Kademlia server; values under keys that begin with /chiral/ may be anything. The library allows
// validators of one's own under a prefix of one's own only.
func newDHT(ctx context.Context, h host.Host, id protocol.ID) (*dht.IpfsDHT, error) {
	options := []dht.Option{dht.Mode(dht.ModeServer), dht.DisableAutoRefresh()}
	prefix, standard := strings.CutSuffix(string(id), "/kad/1.0.0")
	if standard && prefix != "/ipfs" {
		options = append(options, dht.ProtocolPrefix(protocol.ID(prefix)), dht.NamespacedValidator("chiral", anything{}))
	} else {
		options = append(options, dht.V1ProtocolOverride(id))
	}
	return dht.New(ctx, h, options...)
}

// routed waits until the library's table has somebody to ask: it admits a peer a moment after the connection.
func (d *driver) routed(ctx context.Context) (*dht.IpfsDHT, error) {
	if d.dht == nil {
		return nil, errors.New("needs --kad")
	}
	for d.dht.RoutingTable().Size() == 0 {
		select {
		case <-ctx.Done():
			return nil, errors.New("the routing table stays empty")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return d.dht, nil
}

// provided is the key that all languages provide for a text: the CID of its SHA-256.
func provided(key string) (cid.Cid, error) {
	hash, err := multihash.Sum([]byte(key), multihash.SHA2_256, -1)
	return cid.NewCidV1(cid.Raw, hash), err
}

func (d *driver) findPeer(ctx context.Context, p peer.ID) (object, error) {
	table, err := d.routed(ctx)
	if err != nil {
		return nil, err
	}
	info, err := table.FindPeer(ctx, p)
	if err != nil {
		return nil, err
	}
	addrs := []string{}
	for _, a := range info.Addrs {
		addrs = append(addrs, a.String())
	}
	return object{"peer": info.ID.String(), "addrs": addrs}, nil
}

func (d *driver) kadCommand(ctx context.Context, c *command) (object, error) {
	table, err := d.routed(ctx)
	if err != nil {
		return nil, err
	}
	switch c.Cmd {
	case "put":
		return object{}, table.PutValue(ctx, c.Key, []byte(c.Value))
	case "get":
		value, err := table.GetValue(ctx, c.Key)
		return object{"value": string(value)}, err
	}
	key, err := provided(c.Key)
	if err != nil {
		return nil, err
	}
	if c.Cmd == "provide" {
		return object{}, table.Provide(ctx, key, true)
	}
	found, err := table.FindProviders(ctx, key)
	if err != nil {
		return nil, err
	}
	providers := []string{}
	for _, info := range found {
		providers = append(providers, info.ID.String())
	}
	return object{"providers": providers}, nil
}
