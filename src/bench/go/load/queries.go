package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	kadpb "github.com/libp2p/go-libp2p-kad-dht/pb"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	libping "github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/libp2p/go-msgio/pbio"
	"github.com/multiformats/go-multihash"
)

const (
	protocolKad protocol.ID = "/chiral/kad/1.0.0"

	maxKadMessage = 1 << 20
	// fullReply is Kademlia's k: what a server with enough peers answers.
	fullReply = 20
	// tablePatience is how long a relay may take until its routing table has enough peers for a full reply.
	tablePatience = 120 * time.Second
	// askPatience bounds all questions of one command.
	askPatience = 5 * time.Minute
)

// ping sends count pings, one after the other, on one stream.
func (l *load) ping(c *command) (object, error) {
	s, err := l.stream(libping.ID)
	if err != nil {
		return nil, err
	}
	defer s.Reset()
	out, in := make([]byte, libping.PingSize), make([]byte, libping.PingSize)
	rand.Read(out)
	return each(c.Count, 1, func(context.Context, int, int) error {
		if _, err := s.Write(out); err != nil {
			return err
		}
		if _, err := io.ReadFull(s, in); err != nil {
			return err
		}
		if string(in) != string(out) {
			return errors.New("another ping came back")
		}
		return nil
	})
}

// stream opens a stream to the relay on a connection of its own.
func (l *load) stream(id protocol.ID) (network.Stream, error) {
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
	defer cancel()
	h, err := l.connected(ctx, hostOptions{})
	if err != nil {
		return nil, err
	}
	s, err := h.NewStream(ctx, l.relay.ID, id)
	if err != nil {
		return nil, err
	}
	return s, s.SetDeadline(time.Now().Add(askPatience))
}

// kadServers connects count peers that a DHT takes into its table: they listen, and answer every question with themselves.
func (l *load) kadServers(c *command) (object, error) {
	hosts := make([]host.Host, c.Count)
	fields, err := each(c.Count, c.Concurrency, func(ctx context.Context, _, i int) error {
		h, err := newHost(hostOptions{listens: true})
		if err != nil {
			return err
		}
		hosts[i] = h
		h.SetStreamHandler(protocolKad, func(s network.Stream) { answerWithSelf(h, s) })
		return l.connect(ctx, h)
	})
	l.serving = append(l.serving, hosts...)
	return fields, err
}

func answerWithSelf(h host.Host, s network.Stream) {
	defer s.Close()
	self := kadpb.RawPeerInfosToPBPeers([]peer.AddrInfo{{ID: h.ID(), Addrs: h.Addrs()}})
	reader, writer := pbio.NewDelimitedReader(s, maxKadMessage), pbio.NewDelimitedWriter(s)
	for {
		var request kadpb.Message
		if err := reader.ReadMsg(&request); err != nil {
			return
		}
		reply := kadpb.NewMessage(request.GetType(), request.GetKey(), 0)
		reply.CloserPeers = self
		if err := writer.WriteMsg(reply); err != nil {
			return
		}
	}
}

// kadReady waits until the relay answers with as many peers as a reply has.
func (l *load) kadReady(*command) (object, error) {
	s, err := l.stream(protocolKad)
	if err != nil {
		return nil, err
	}
	defer s.Reset()
	got := 0
	for end := time.Now().Add(tablePatience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if got, err = newKadClient(s).find(); err != nil {
			return nil, err
		}
		if got >= fullReply {
			return object{"closer": got}, nil
		}
	}
	return nil, fmt.Errorf("the relay's table has no more than %d peers", got)
}

// kad sends count FIND_NODE for keys that nobody has, over as many connections as run at the same time.
func (l *load) kad(c *command) (object, error) {
	clients := make([]*kadClient, c.Concurrency)
	for i := range clients {
		s, err := l.stream(protocolKad)
		if err != nil {
			return nil, err
		}
		defer s.Conn().Close()
		clients[i] = newKadClient(s)
	}
	return each(c.Count, c.Concurrency, func(_ context.Context, worker, _ int) error {
		got, err := clients[worker].find()
		if err == nil && got != fullReply {
			err = fmt.Errorf("the reply has %d peers", got)
		}
		return err
	})
}

// kadClient asks many questions on one stream, as real clients do.
type kadClient struct {
	reader pbio.ReadCloser
	writer pbio.WriteCloser
}

func newKadClient(s network.Stream) *kadClient {
	return &kadClient{pbio.NewDelimitedReader(s, maxKadMessage), pbio.NewDelimitedWriter(s)}
}

// find asks for a random peer id and answers how many peers the reply has.
func (k *kadClient) find() (int, error) {
	var random [32]byte
	rand.Read(random[:])
	key, err := multihash.Encode(random[:], multihash.SHA2_256)
	if err != nil {
		return 0, err
	}
	if err := k.writer.WriteMsg(kadpb.NewMessage(kadpb.Message_FIND_NODE, key, 0)); err != nil {
		return 0, err
	}
	var reply kadpb.Message
	err = k.reader.ReadMsg(&reply)
	return len(reply.GetCloserPeers()), err
}

// peers makes peers for a relay's cache: count that live, some whose port is closed, some that accept and say nothing.
func (l *load) peers(c *command) (object, error) {
	list := []object{}
	for range c.Count {
		h, err := newHost(hostOptions{listens: true})
		if err != nil {
			return nil, err
		}
		l.serving = append(l.serving, h)
		addrs, err := h.Network().InterfaceListenAddresses()
		if err != nil {
			return nil, err
		}
		list = append(list, object{"peer": h.ID().String(), "addr": addrs[0].String()})
	}
	for i := range c.Dead + c.Silent {
		item, err := uselessPeer(i >= c.Dead)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return object{"peers": list}, nil
}

// uselessPeer is an identity at a port that is closed, or that accepts and never says a word.
func uselessPeer(silent bool) (object, error) {
	_, public, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return nil, err
	}
	id, err := peer.IDFromPublicKey(public)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if silent {
		go acceptInSilence(listener)
	} else if err := listener.Close(); err != nil {
		return nil, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return object{"peer": id.String(), "addr": fmt.Sprintf("/ip4/127.0.0.1/tcp/%d", port)}, nil
}

func acceptInSilence(listener net.Listener) {
	var kept []net.Conn // a connection that nobody refers to would be closed
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		kept = append(kept, conn)
	}
}
