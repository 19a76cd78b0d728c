package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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
	// protocolSink takes bytes to the end and answers how many came; it hashes nothing, which would cost more than the relay.
	protocolSink protocol.ID = "/chiral-bench/sink/1.0.0"

	maxCircuitMessage = 4096
	readBuffer        = 256 << 10
	// stallPatience: a stream that takes nothing for this long has stalled.
	stallPatience = 2 * time.Second
	stallChunk    = 4096
)

// pair is a source and a destination that meet at the relay.
type pair struct {
	source, destination host.Host
	relay               *peer.AddrInfo
	// raw puts the bytes right on the hop and stop streams.
	raw bool
}

// circuit is one open circuit: a connection inside it, or nothing but the hop stream if raw; data carries the bytes.
type circuit struct {
	conn network.Conn
	data network.Stream
}

func (c *circuit) close() error {
	if c.conn != nil {
		return c.conn.Close()
	}
	return c.data.Reset()
}

// makePairs replaces the pairs by count new ones.
func (l *load) makePairs(c *command) (object, error) {
	l.pairs = make([]*pair, c.Count)
	return each(c.Count, min(c.Count, 16), func(ctx context.Context, _, i int) (err error) {
		l.pairs[i], err = l.newPair(ctx, c.Raw, c.Stall)
		return err
	})
}

func (l *load) newPair(ctx context.Context, raw, stall bool) (*pair, error) {
	take := sink
	if stall {
		take = func(network.Stream) {} // never reads; the stream lives until the load ends
	}
	handlers := map[protocol.ID]network.StreamHandler{protocolSink: take}
	if raw {
		handlers = map[protocol.ID]network.StreamHandler{proto.ProtoIDv2Stop: acceptRaw(take)}
	}
	destination, err := l.reserved(ctx, hostOptions{circuits: !raw, handlers: handlers})
	if err != nil {
		return nil, err
	}
	source, err := l.connected(ctx, hostOptions{circuits: !raw})
	return &pair{source: source, destination: destination, relay: l.relay, raw: raw}, err
}

// circuit opens and closes count circuits. The time of one ends with the inner handshake, or with the relay's OK if raw.
func (l *load) circuit(c *command) (object, error) {
	if len(l.pairs) < c.Concurrency {
		return nil, errors.New("too few pairs")
	}
	return each(c.Count, c.Concurrency, func(ctx context.Context, worker, _ int) error {
		opened, err := l.pairs[worker].open(ctx)
		if err != nil {
			return err
		}
		return opened.close()
	})
}

// open opens one circuit with a stream for data on each pair; older ones are closed.
func (l *load) open(*command) (object, error) {
	for _, old := range l.circuits {
		old.close()
	}
	l.circuits = make([]*circuit, len(l.pairs))
	return each(len(l.pairs), len(l.pairs), func(ctx context.Context, _, i int) error {
		opened, err := l.pairs[i].open(ctx)
		if err != nil {
			return err
		}
		if opened.conn != nil {
			opened.data, err = l.pairs[i].source.NewStream(ctx, l.pairs[i].destination.ID(), protocolSink)
		}
		l.circuits[i] = opened
		return err
	})
}

// transfer sends bytes one way over all open circuits at once, until each destination has told that it has its share.
func (l *load) transfer(c *command) (object, error) {
	share := c.Bytes / int64(len(l.circuits))
	begin := time.Now()
	done := make(chan error, len(l.circuits))
	for _, open := range l.circuits {
		go func() { done <- send(open.data, share, c.Chunk) }()
	}
	for range l.circuits {
		if err := <-done; err != nil {
			return nil, err
		}
	}
	seconds := time.Since(begin).Seconds()
	sent := share * int64(len(l.circuits))
	return object{"bytes": sent, "seconds": seconds, "mb_per_second": float64(sent) / 1e6 / seconds}, nil
}

// stall writes on all open circuits until they are full; the answer has the bytes that each took.
func (l *load) stall(c *command) (object, error) {
	accepted := make([]int64, len(l.circuits))
	_, err := each(len(l.circuits), len(l.circuits), func(_ context.Context, _, i int) (err error) {
		accepted[i], err = fill(l.circuits[i].data, c.Bytes)
		return err
	})
	slices.Sort(accepted)
	return object{"accepted": accepted}, err
}

func (p *pair) open(ctx context.Context) (*circuit, error) {
	if p.raw {
		hop, err := p.openRaw(ctx)
		return &circuit{data: hop}, err
	}
	addr, err := ma.NewMultiaddr(fmt.Sprintf("%s/p2p/%s/p2p-circuit", p.relay.Addrs[0], p.relay.ID))
	if err != nil {
		return nil, err
	}
	p.source.Peerstore().SetAddr(p.destination.ID(), addr, time.Hour)
	conn, err := p.source.Network().DialPeer(ctx, p.destination.ID())
	return &circuit{conn: conn}, err
}

func (p *pair) openRaw(ctx context.Context) (network.Stream, error) {
	s, err := p.source.NewStream(ctx, p.relay.ID, proto.ProtoIDv2Hop)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	s.SetDeadline(deadline)
	request := &pb.HopMessage{
		Type: pb.HopMessage_CONNECT.Enum(),
		Peer: util.PeerInfoToPeerV2(peer.AddrInfo{ID: p.destination.ID()}),
	}
	if err := util.NewDelimitedWriter(s).WriteMsg(request); err != nil {
		return nil, err
	}
	var reply pb.HopMessage
	reader := util.NewDelimitedReader(s, maxCircuitMessage)
	defer reader.Close()
	if err := reader.ReadMsg(&reply); err != nil {
		return nil, err
	}
	if reply.GetStatus() != pb.Status_OK {
		return nil, fmt.Errorf("the relay answered %s", reply.GetStatus())
	}
	s.SetDeadline(time.Time{})
	return s, nil
}

// acceptRaw answers OK to a circuit and hands its stream on without a connection inside.
func acceptRaw(take network.StreamHandler) network.StreamHandler {
	return func(s network.Stream) {
		var request pb.StopMessage
		reader := util.NewDelimitedReader(s, maxCircuitMessage)
		defer reader.Close()
		if err := reader.ReadMsg(&request); err != nil {
			s.Reset()
			return
		}
		answer := &pb.StopMessage{Type: pb.StopMessage_STATUS.Enum(), Status: pb.Status_OK.Enum()}
		if err := util.NewDelimitedWriter(s).WriteMsg(answer); err != nil {
			s.Reset()
			return
		}
		take(s)
	}
}

// send writes n bytes, half-closes and waits for the destination's count.
func send(s network.Stream, n int64, size int) error {
	chunk := make([]byte, size)
	for left := n; left > 0; {
		written, err := s.Write(chunk[:min(left, int64(size))])
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

// sink is the destination's end of send.
func sink(s network.Stream) {
	buffer := make([]byte, readBuffer)
	total := uint64(0)
	for {
		n, err := s.Read(buffer)
		total += uint64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			s.Reset()
			return
		}
	}
	s.Write(binary.BigEndian.AppendUint64(nil, total))
	s.Close()
}

// fill writes until nothing moves for a while, or limit bytes are out.
func fill(s network.Stream, limit int64) (int64, error) {
	chunk := make([]byte, stallChunk)
	total := int64(0)
	for total < limit {
		s.SetWriteDeadline(time.Now().Add(stallPatience))
		n, err := s.Write(chunk)
		total += int64(n)
		if errors.Is(err, os.ErrDeadlineExceeded) || isTimeout(err) {
			break
		}
		if err != nil {
			return total, err
		}
	}
	s.SetDeadline(time.Time{})
	return total, nil
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}
