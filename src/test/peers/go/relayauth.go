package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"

	"github.com/libp2p/go-libp2p/core/protocol"
)

// protocolRelayAuth is Chiral's token gate: length (4 bytes, the lowest first), token; one byte back.
const protocolRelayAuth protocol.ID = "/chiral/relay-auth/1.0.0"

// relayAuth shows the relay a token.
func (d *driver) relayAuth(ctx context.Context, c *command) (object, error) {
	relay, err := parseAddr(c.Addr)
	if err != nil {
		return nil, err
	}
	token, err := hex.DecodeString(c.Hex)
	if err != nil {
		return nil, err
	}
	if err := d.host.Connect(ctx, *relay); err != nil {
		return nil, err
	}
	s, err := d.host.NewStream(ctx, relay.ID, protocolRelayAuth)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	deadline, _ := ctx.Deadline()
	s.SetDeadline(deadline)
	request := binary.LittleEndian.AppendUint32(nil, uint32(len(token)))
	if _, err := s.Write(append(request, token...)); err != nil {
		return nil, err
	}
	var answer [1]byte
	if _, err := io.ReadFull(s, answer[:]); err != nil {
		return nil, err
	}
	return object{"granted": answer[0] == 1}, nil
}
