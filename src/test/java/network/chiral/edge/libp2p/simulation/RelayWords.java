// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.time.Instant;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;

/// The words of a client of circuit relay v2, spelled from the spec and not by the relay's own codec.
final class RelayWords {
    static final int OK = 100;

    private static final int MAX_LENGTH = 4096;

    private RelayWords() {}

    /// What a relay answered.
    ///
    /// @param status 0 where it gave none
    /// @param expires of a reservation, else the beginning of 1970
    record Answer(int status, Instant expires) {}

    static void askForASlot(Stream hop) throws IOException {
        hop.writeMessage(new ProtoWriter().number(1, 0).toBytes());
    }

    static void askForACircuit(Stream hop, PeerId destination) throws IOException {
        hop.writeMessage(
                new ProtoWriter()
                        .number(1, 1)
                        .message(2, new ProtoWriter().bytes(1, destination.bytes()))
                        .toBytes());
    }

    static Answer readAnswer(Stream hop) throws IOException {
        var in = new ProtoReader(hop.readMessage(MAX_LENGTH));
        int status = 0;
        var expires = Instant.EPOCH;
        while (in.next()) {
            switch (in.field()) {
                case 3 -> expires = expires(in.bytes());
                case 5 -> status = (int) in.number();
                default -> in.skip();
            }
        }
        return new Answer(status, expires);
    }

    private static Instant expires(byte[] reservation) throws IOException {
        var in = new ProtoReader(reservation);
        var expires = Instant.EPOCH;
        while (in.next()) {
            if (in.field() == 1) {
                expires = Instant.ofEpochSecond(in.number());
            } else {
                in.skip();
            }
        }
        return expires;
    }

    /// Who asks for the circuit.
    static PeerId readStop(Stream stop) throws IOException {
        var in = new ProtoReader(stop.readMessage(MAX_LENGTH));
        while (in.next()) {
            if (in.field() == 2) {
                var peer = new ProtoReader(in.bytes());
                if (peer.next() && peer.field() == 1) {
                    return PeerId.ofBytes(peer.bytes());
                }
            } else {
                in.skip();
            }
        }
        throw new IOException("a STOP request that names nobody");
    }

    static void answerStop(Stream stop, int status) throws IOException {
        stop.writeMessage(new ProtoWriter().number(1, 1).number(4, status).toBytes());
    }
}
