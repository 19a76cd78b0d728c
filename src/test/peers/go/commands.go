package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/proto"
	"github.com/libp2p/go-libp2p/p2p/protocol/identify"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-varint"
)

// dial connects to this address and no older one. An open circuit does not stand in for a direct connection.
func dial(ctx context.Context, h host.Host, target *peer.AddrInfo) (network.Conn, error) {
	h.Peerstore().ClearAddrs(target.ID)
	h.Peerstore().AddAddrs(target.ID, target.Addrs, peerstore.TempAddrTTL)
	// A failed try must not make the library refuse the next one without dialing.
	h.Network().(*swarm.Swarm).Backoff().Clear(target.ID)
	if _, err := target.Addrs[0].ValueForProtocol(ma.P_CIRCUIT); err != nil {
		ctx = network.WithForceDirectDial(ctx, "the address given is direct")
	}
	return h.Network().DialPeer(ctx, target.ID)
}

func (d *driver) connect(ctx context.Context, c *command) (object, error) {
	target, err := parseAddr(c.Addr)
	if err != nil {
		return nil, err
	}
	if len(target.Addrs) == 0 {
		return nil, errors.New("the address has no transport part")
	}
	conn, err := dial(ctx, d.host, target)
	if err != nil {
		return refusal(err), err
	}
	return connFields(conn), nil
}

var relayStatus = regexp.MustCompile(`error opening relay circuit: (\w+) \(\d+\)`)

// refusal names the relay's status where the library reports one only inside its message.
func refusal(err error) object {
	if m := relayStatus.FindStringSubmatch(err.Error()); m != nil {
		return object{"status": m[1]}
	}
	return nil
}

// reserve makes or renews a reservation. The circuit client accepts inbound circuits from then on without more work.
func (d *driver) reserve(ctx context.Context, c *command) (object, error) {
	relay, err := parseAddr(c.Addr)
	if err != nil {
		return nil, err
	}
	r, err := client.Reserve(ctx, d.host, *relay)
	if err != nil {
		var refused client.ReservationError
		if errors.As(err, &refused) {
			return object{"status": refused.Status.String()}, err
		}
		return nil, err
	}
	addrs := []string{}
	for _, a := range r.Addrs {
		addrs = append(addrs, a.String())
	}
	return object{
		"expire":  r.Expiration.Unix(),
		"addrs":   addrs,
		"voucher": r.Voucher != nil,
		// The library has verified the signature and this peer's id; the relay and the time are left to us.
		"voucherValid": r.Voucher != nil && r.Voucher.Relay == relay.ID &&
			r.Voucher.Expiration.Unix() == r.Expiration.Unix(),
		"limitDuration": int64(r.LimitDuration / time.Second),
		"limitData":     r.LimitData,
	}, nil
}

type identifier interface{ IDService() identify.IDService }

func (d *driver) identify(ctx context.Context, p peer.ID) (object, error) {
	conns := d.host.Network().ConnsToPeer(p)
	if len(conns) == 0 {
		return nil, errors.New("not connected to " + p.String())
	}
	select {
	case <-d.host.(identifier).IDService().IdentifyWait(conns[0]):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	// The event that carries the message may come a moment after the wait ends.
	for ctx.Err() == nil {
		d.mu.Lock()
		got, ok := d.identified[p]
		d.mu.Unlock()
		if ok {
			addrs := []string{}
			for _, a := range got.ListenAddrs {
				addrs = append(addrs, a.String())
			}
			observed := ""
			if got.ObservedAddr != nil {
				observed = got.ObservedAddr.String()
			}
			return object{
				"agent":           got.AgentVersion,
				"protocolVersion": got.ProtocolVersion,
				"protocols":       got.Protocols,
				"listenAddrs":     addrs,
				"observedAddr":    observed,
				"signedRecord":    got.SignedPeerRecord != nil,
			}, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return nil, errors.New("no identify message from " + p.String())
}

func (d *driver) ping(ctx context.Context, p peer.ID, count int) (object, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rtts := []float64{}
	for result := range ping.Ping(ctx, d.host, p) {
		if result.Error != nil {
			return nil, result.Error
		}
		rtts = append(rtts, float64(result.RTT.Microseconds())/1000)
		if len(rtts) == count {
			return object{"rttMs": rtts}, nil
		}
	}
	return nil, fmt.Errorf("ping ended after %d of %d: %w", len(rtts), count, ctx.Err())
}

func (d *driver) peers() object {
	ids := []string{}
	for _, p := range d.host.Network().Peers() {
		ids = append(ids, p.String())
	}
	return object{"peers": ids}
}

// rawHop speaks the hop protocol byte by byte, for what the library would never send.
func (d *driver) rawHop(ctx context.Context, c *command) (object, error) {
	relay, err := parseAddr(c.Addr)
	if err != nil {
		return nil, err
	}
	request, err := hex.DecodeString(c.Hex + c.ThenHex)
	if err != nil {
		return nil, err
	}
	if err := d.host.Connect(ctx, *relay); err != nil {
		return nil, err
	}
	s, err := d.host.NewStream(ctx, relay.ID, proto.ProtoIDv2Hop)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	s.SetDeadline(deadline)
	if _, err := s.Write(request); err != nil {
		return object{"outcome": ending(err)}, nil
	}
	reply, err := readPrefixed(s)
	s.SetDeadline(time.Time{})
	if err != nil {
		s.Reset()
		if isTimeout(err) {
			return nil, errors.New("no reply in time")
		}
		return object{"outcome": ending(err)}, nil
	}
	fields := object{"outcome": "reply", "replyHex": hex.EncodeToString(reply)}
	if c.Keep {
		fields["streamId"] = d.watch(s)
	} else {
		s.Reset()
	}
	return fields, nil
}

// ending tells how the other side ended a stream.
func ending(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "eof"
	}
	return "reset"
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// readPrefixed returns one message with its length prefix and reads not a byte beyond it.
func readPrefixed(r io.Reader) ([]byte, error) {
	length, err := varint.ReadUvarint(byteReader{r})
	if err != nil {
		return nil, err
	}
	if length > 1<<20 {
		return nil, fmt.Errorf("a reply of %d bytes", length)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, err
	}
	return append(varint.ToUvarint(length), body...), nil
}

type byteReader struct{ io.Reader }

func (r byteReader) ReadByte() (byte, error) {
	var b [1]byte
	_, err := io.ReadFull(r, b[:])
	return b[0], err
}
