package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/pb"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/proto"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/util"
	ma "github.com/multiformats/go-multiaddr"
)

const (
	// protocolDrain reads to the end and answers how many bytes it got; no hash, which would cost more than the relay.
	protocolDrain protocol.ID = "/chiral-test/drain/1.0.0"

	maxCircuitMessage = 4096
)

// pair is a source and a destination that meet at a relay.
type pair struct {
	src, dst host.Host
	relay    *peer.AddrInfo
	// raw puts the bytes right on the hop and stop streams.
	raw bool
}

func (l *load) newPair(ctx context.Context) (*pair, error) {
	p := &pair{relay: l.relay, raw: l.raw}
	var err error
	if p.dst, err = l.reserved(ctx, !l.raw); err != nil {
		return nil, err
	}
	if l.raw {
		p.dst.SetStreamHandler(proto.ProtoIDv2Stop, acceptRaw)
	} else {
		p.dst.SetStreamHandler(protocolDrain, drain)
	}
	p.src, err = l.connected(ctx, !l.raw)
	return p, err
}

// circuit is one open circuit: a connection inside it, or the bare hop stream if raw.
type circuit struct {
	pair *pair
	conn network.Conn
	hop  network.Stream
}

func (p *pair) open(ctx context.Context) (*circuit, error) {
	if p.raw {
		s, err := p.openRaw(ctx)
		return &circuit{pair: p, hop: s}, err
	}
	addr, err := ma.NewMultiaddr(fmt.Sprintf("%s/p2p/%s/p2p-circuit", p.relay.Addrs[0], p.relay.ID))
	if err != nil {
		return nil, err
	}
	conn, err := dial(ctx, p.src, &peer.AddrInfo{ID: p.dst.ID(), Addrs: []ma.Multiaddr{addr}})
	return &circuit{pair: p, conn: conn}, err
}

func (p *pair) openRaw(ctx context.Context) (network.Stream, error) {
	s, err := p.src.NewStream(ctx, p.relay.ID, proto.ProtoIDv2Hop)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	s.SetDeadline(deadline)
	request := &pb.HopMessage{
		Type: pb.HopMessage_CONNECT.Enum(),
		Peer: util.PeerInfoToPeerV2(peer.AddrInfo{ID: p.dst.ID()}),
	}
	if err := util.NewDelimitedWriter(s).WriteMsg(request); err != nil {
		return nil, err
	}
	var reply pb.HopMessage
	rd := util.NewDelimitedReader(s, maxCircuitMessage)
	defer rd.Close()
	if err := rd.ReadMsg(&reply); err != nil {
		return nil, err
	}
	if reply.GetStatus() != pb.Status_OK {
		return nil, fmt.Errorf("the relay answered %s", reply.GetStatus())
	}
	s.SetDeadline(time.Time{})
	return s, nil
}

func (c *circuit) data(ctx context.Context) (network.Stream, error) {
	if c.hop != nil {
		return c.hop, nil
	}
	return c.pair.src.NewStream(ctx, c.pair.dst.ID(), protocolDrain)
}

func (c *circuit) close() error {
	if c.hop != nil {
		return c.hop.Reset()
	}
	return c.conn.Close()
}

// transfer writes n bytes, half-closes and waits for the destination's count.
func transfer(s network.Stream, n int64) error {
	chunk := make([]byte, defaultChunk)
	for left := n; left > 0; {
		written, err := s.Write(chunk[:min(left, int64(len(chunk)))])
		if err != nil {
			return err
		}
		left -= int64(written)
	}
	if err := s.CloseWrite(); err != nil {
		return err
	}
	var count [8]byte
	if _, err := io.ReadFull(s, count[:]); err != nil {
		return err
	}
	if got := int64(binary.BigEndian.Uint64(count[:])); got != n {
		return fmt.Errorf("%d bytes of %d arrived", got, n)
	}
	return nil
}

// drain is the destination's end of transfer.
func drain(s network.Stream) {
	n, err := io.CopyBuffer(onlyWriter{io.Discard}, onlyReader{s}, make([]byte, defaultChunk))
	if err != nil {
		s.Reset()
		return
	}
	s.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	s.Close()
}

// acceptRaw answers OK to a circuit and drains it without a connection inside.
func acceptRaw(s network.Stream) {
	var request pb.StopMessage
	rd := util.NewDelimitedReader(s, maxCircuitMessage)
	defer rd.Close()
	if err := rd.ReadMsg(&request); err != nil {
		s.Reset()
		return
	}
	answer := &pb.StopMessage{Type: pb.StopMessage_STATUS.Enum(), Status: pb.Status_OK.Enum()}
	if err := util.NewDelimitedWriter(s).WriteMsg(answer); err != nil {
		s.Reset()
		return
	}
	drain(s)
}
