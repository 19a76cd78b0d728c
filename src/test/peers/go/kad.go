package main

import (
	"context"
	"errors"

	kadpb "github.com/libp2p/go-libp2p-kad-dht/pb"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-msgio/pbio"
)

const maxKadMessage = 1 << 20

// find asks the peer at the address via which peers it knows nearest to p.
func (d *driver) find(ctx context.Context, p peer.ID, via string) (object, error) {
	if d.kad == "" {
		return nil, errors.New("find needs --kad")
	}
	server, err := parseAddr(via)
	if err != nil {
		return nil, err
	}
	if err := d.host.Connect(ctx, *server); err != nil {
		return nil, err
	}
	s, err := d.host.NewStream(ctx, server.ID, d.kad)
	if err != nil {
		return nil, err
	}
	defer s.Reset()
	deadline, _ := ctx.Deadline()
	s.SetDeadline(deadline)
	request := kadpb.NewMessage(kadpb.Message_FIND_NODE, []byte(p), 0)
	if err := pbio.NewDelimitedWriter(s).WriteMsg(request); err != nil {
		return nil, err
	}
	var reply kadpb.Message
	if err := pbio.NewDelimitedReader(s, maxKadMessage).ReadMsg(&reply); err != nil {
		return nil, err
	}
	closer := []object{}
	for _, info := range kadpb.PBPeersToPeerInfos(reply.GetCloserPeers()) {
		addrs := []string{}
		for _, a := range info.Addrs {
			addrs = append(addrs, a.String())
		}
		closer = append(closer, object{"peer": info.ID.String(), "addrs": addrs})
	}
	return object{"closer": closer}, nil
}
