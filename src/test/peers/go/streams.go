package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

const (
	protocolEcho  protocol.ID = "/chiral-test/echo/1.0.0"
	protocolSink  protocol.ID = "/chiral-test/sink/1.0.0"
	protocolHold  protocol.ID = "/chiral-test/hold/1.0.0"
	protocolStall protocol.ID = "/chiral-test/stall/1.0.0"

	defaultChunk = 65536
	// A stalled stream counts as stopped when it takes nothing for this long.
	stallPatience = time.Second
)

// serve registers the four test protocols.
func (d *driver) serve() {
	d.host.SetStreamHandler(protocolEcho, serveEcho)
	d.host.SetStreamHandler(protocolSink, serveSink)
	d.host.SetStreamHandler(protocolHold, func(s network.Stream) { d.report(s, 0) })
	// The handler of stall never reads; the stream lives until either side resets it.
	d.host.SetStreamHandler(protocolStall, func(network.Stream) {})
}

func serveEcho(s network.Stream) {
	if _, err := io.CopyBuffer(onlyWriter{s}, onlyReader{s}, make([]byte, defaultChunk)); err != nil {
		s.Reset()
		return
	}
	s.Close()
}

// onlyReader and onlyWriter hide other methods, so that CopyBuffer uses the buffer it is given.
type onlyReader struct{ io.Reader }
type onlyWriter struct{ io.Writer }

func serveSink(s network.Stream) {
	hash := sha256.New()
	n, err := io.CopyBuffer(onlyWriter{hash}, onlyReader{s}, make([]byte, defaultChunk))
	if err != nil {
		s.Reset()
		return
	}
	s.Write(hash.Sum(binary.BigEndian.AppendUint64(nil, uint64(n))))
	s.Close()
}

// pattern yields a fixed sequence of bytes whose period, a prime, fits no buffer size.
type pattern struct{ position int64 }

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte((p.position + int64(i)) % 251)
	}
	p.position += int64(len(b))
	return len(b), nil
}

// send writes n bytes of the pattern, half-closes and returns their hash.
func send(s network.Stream, n int64, chunk int) ([]byte, error) {
	if chunk <= 0 {
		chunk = defaultChunk
	}
	hash := sha256.New()
	source := io.TeeReader(io.LimitReader(&pattern{}, n), hash)
	if _, err := io.CopyBuffer(onlyWriter{s}, source, make([]byte, chunk)); err != nil {
		return nil, err
	}
	return hash.Sum(nil), s.CloseWrite()
}

func (d *driver) open(ctx context.Context, p peer.ID, id protocol.ID) (network.Stream, error) {
	s, err := d.host.NewStream(network.WithNoDial(ctx, "only over what is connected"), p, id)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	s.SetDeadline(deadline)
	return s, nil
}

func (d *driver) echo(ctx context.Context, p peer.ID, c *command) (object, error) {
	s, err := d.open(ctx, p, protocolEcho)
	if err != nil {
		return nil, err
	}
	sent := make(chan error, 1)
	var want []byte
	go func() {
		var err error
		want, err = send(s, c.Bytes, c.Chunk)
		sent <- err
	}()
	hash := sha256.New()
	n, err := io.CopyBuffer(onlyWriter{hash}, onlyReader{s}, make([]byte, defaultChunk))
	if err != nil {
		s.Reset()
		<-sent
		return object{"received": n}, err
	}
	if err := <-sent; err != nil {
		s.Reset()
		return object{"received": n}, err
	}
	s.Close()
	got := hash.Sum(nil)
	fields := object{"received": n, "sha256": hex.EncodeToString(got)}
	if n != c.Bytes || !bytes.Equal(got, want) {
		return fields, fmt.Errorf("%d bytes came back, not the %d sent", n, c.Bytes)
	}
	return fields, nil
}

func (d *driver) sink(ctx context.Context, p peer.ID, c *command) (object, error) {
	s, err := d.open(ctx, p, protocolSink)
	if err != nil {
		return nil, err
	}
	hash, err := send(s, c.Bytes, c.Chunk)
	if err != nil {
		s.Reset()
		return nil, err
	}
	answer, err := io.ReadAll(s)
	if err != nil {
		s.Reset()
		return nil, err
	}
	s.Close()
	want := append(binary.BigEndian.AppendUint64(nil, uint64(c.Bytes)), hash...)
	if !bytes.Equal(answer, want) {
		return nil, fmt.Errorf("the other side answered %x, not %x", answer, want)
	}
	return object{"sha256": hex.EncodeToString(hash)}, nil
}

func (d *driver) hold(ctx context.Context, p peer.ID) (object, error) {
	s, err := d.open(ctx, p, protocolHold)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(s, &pattern{}, 1024); err != nil {
		s.Reset()
		return nil, err
	}
	s.SetDeadline(time.Time{})
	return object{"streamId": d.watch(s)}, nil
}

// stall writes until the bytes are out or nothing moves; the stream stays open for "reset".
func (d *driver) stall(ctx context.Context, p peer.ID, c *command) (object, error) {
	s, err := d.open(ctx, p, protocolStall)
	if err != nil {
		return nil, err
	}
	source := &pattern{}
	chunk := make([]byte, 4096)
	var accepted int64
	for accepted < c.Bytes {
		part := chunk[:min(int64(len(chunk)), c.Bytes-accepted)]
		source.Read(part)
		s.SetWriteDeadline(time.Now().Add(stallPatience))
		n, err := s.Write(part)
		accepted += int64(n)
		if isTimeout(err) {
			break
		}
		if err != nil {
			return object{"accepted": accepted}, err
		}
	}
	s.SetDeadline(time.Time{})
	return object{"accepted": accepted, "streamId": d.watch(s)}, nil
}

// streamTable holds the streams a later command may reset.
type streamTable struct {
	mu   sync.Mutex
	last int64
	open map[int64]network.Stream
}

func (t *streamTable) add(s network.Stream) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = map[int64]network.Stream{}
	}
	t.last++
	t.open[t.last] = s
	return t.last
}

func (t *streamTable) take(id int64) network.Stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.open[id]
	delete(t.open, id)
	return s
}

func (t *streamTable) reset(id int64) error {
	s := t.take(id)
	if s == nil {
		return errors.New("no such stream")
	}
	return s.Reset()
}

// watch keeps a stream for "reset" and reports its end unless that end is our own reset.
func (d *driver) watch(s network.Stream) int64 {
	id := d.streams.add(s)
	go d.report(s, id)
	return id
}

// report reads a stream to its end and tells which end that was. id is 0 for a stream the other side opened.
func (d *driver) report(s network.Stream, id int64) {
	n, err := io.Copy(io.Discard, onlyReader{s})
	fields := object{"peer": s.Conn().RemotePeer().String(), "protocol": s.Protocol(), "received": n}
	if id != 0 {
		if d.streams.take(id) == nil {
			return
		}
		fields["streamId"] = id
	}
	if err == nil {
		s.Close()
		d.emit("stream-eof", fields)
		return
	}
	s.Reset()
	fields["error"] = err.Error()
	d.emit("stream-reset", fields)
}
