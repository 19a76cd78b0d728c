// Command load is the load generator: it reads commands from stdin, one JSON object a line, and answers each with one
// line. The program that drives it measures the relay between two answers.
//
//	{"do":"relay","addr":"/ip4/127.0.0.1/tcp/4001/p2p/12D3Koo..."}
//	{"do":"handshake","count":1000,"concurrency":8}
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
)

// object is an answer.
type object map[string]any

// command is what stdin says; each command reads its own part.
type command struct {
	Do          string `json:"do"`
	Addr        string `json:"addr"`
	File        string `json:"file"`
	Count       int    `json:"count"`
	Concurrency int    `json:"concurrency"`
	// Reserve: hold takes a slot for each connection.
	Reserve bool `json:"reserve"`
	// Raw: no Noise and Yamux inside the circuit.
	Raw bool `json:"raw"`
	// Stall: the destinations never read.
	Stall bool `json:"stall"`
	// Bytes over all circuits, or for each where they stall; Chunk is the size of one write.
	Bytes int64 `json:"bytes"`
	Chunk int   `json:"chunk"`
	// Dead and Silent: peers whose port is closed, and such that accept and never say a word.
	Dead   int `json:"dead"`
	Silent int `json:"silent"`
	// DelayMs: how long each byte to and from the relay is on its way, one way.
	DelayMs int `json:"delay_ms"`
}

// load holds what lives from one command to the next.
type load struct {
	relay    *peer.AddrInfo
	held     []host.Host
	pairs    []*pair
	circuits []*circuit
	serving  []host.Host
}

var commands = map[string]func(*load, *command) (object, error){
	"key":        (*load).makeKey,
	"relay":      (*load).setRelay,
	"first":      (*load).first,
	"handshake":  (*load).handshake,
	"hold":       (*load).hold,
	"connected":  (*load).connectedNow,
	"release":    (*load).release,
	"reserve":    (*load).reserve,
	"reserveAll": (*load).reserveAll,
	"pairs":      (*load).makePairs,
	"circuit":    (*load).circuit,
	"open":       (*load).open,
	"transfer":   (*load).transfer,
	"stall":      (*load).stall,
	"ping":       (*load).ping,
	"kadServers": (*load).kadServers,
	"kadReady":   (*load).kadReady,
	"kad":        (*load).kad,
	"peers":      (*load).peers,
}

func main() {
	l := &load{}
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer, err := l.run(lines.Bytes())
		if err != nil {
			answer = object{"error": err.Error()}
		}
		answers.Encode(answer)
	}
}

func (l *load) run(line []byte) (object, error) {
	var c command
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	do := commands[c.Do]
	if do == nil {
		return nil, fmt.Errorf("no command %q", c.Do)
	}
	answer, err := do(l, &c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Do, err)
	}
	return answer, nil
}
