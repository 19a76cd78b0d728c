package main

import (
	"net"
	"time"

	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

const (
	// More than is on its way at once at 1 GB/s and 100 ms, so that the distance delays and never holds back.
	wireBytes = 128 << 20
	readBytes = 128 << 10
)

// distance puts a wire of this delay, one way, between all hosts of the load and the relay.
func (l *load) distance(delay time.Duration) error {
	relay, err := manet.ToNetAddr(l.relay.Addrs[0])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	near, err := manet.FromNetAddr(listener.Addr())
	if err != nil {
		return err
	}
	l.relay.Addrs = []ma.Multiaddr{near}
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			go connect(here, relay.String(), delay)
		}
	}()
	return nil
}

func connect(here net.Conn, relay string, delay time.Duration) {
	there, err := net.Dial("tcp", relay)
	if err != nil {
		here.Close()
		return
	}
	go wire(here, there, delay)
	wire(there, here, delay)
}

// piece is what one read brought, and when it arrives.
type piece struct {
	bytes   []byte
	arrives time.Time
}

func wire(from, to net.Conn, delay time.Duration) {
	onItsWay := make(chan piece, wireBytes/readBytes)
	go deliver(onItsWay, to)
	defer close(onItsWay)
	for {
		buffer := make([]byte, readBytes)
		n, err := from.Read(buffer)
		if n > 0 {
			onItsWay <- piece{buffer[:n], time.Now().Add(delay)}
		}
		if err != nil {
			return
		}
	}
}

func deliver(pieces <-chan piece, to net.Conn) {
	defer to.Close()
	for p := range pieces {
		time.Sleep(time.Until(p.arrives))
		if _, err := to.Write(p.bytes); err != nil {
			for range pieces {
			}
			return
		}
	}
}
