package main

import (
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"
)

// serveMdns answers on the link, asks there, and tells of each peer that it hears of; it dials nobody.
func (d *driver) serveMdns() error {
	return mdns.NewMdnsService(d.host, mdns.ServiceName, found{d}).Start()
}

type found struct{ *driver }

func (f found) HandlePeerFound(info peer.AddrInfo) {
	addrs := []string{}
	for _, a := range info.Addrs {
		addrs = append(addrs, a.String())
	}
	f.emit("mdns", object{"peer": info.ID.String(), "addrs": addrs})
}
