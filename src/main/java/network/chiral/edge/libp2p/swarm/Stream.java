// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;
import java.time.Duration;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A negotiated stream, as a conversation on a virtual thread sees it.
///
/// Reading and writing block the calling thread and must not be done on an event loop. A reset by the
/// remote, a lost connection and a passed deadline are IOExceptions.
public interface Stream {
    Connection connection();

    ProtocolId protocol();

    default PeerId remotePeer() {
        return connection().remotePeer();
    }

    /// Lets every read and write fail with [java.net.SocketTimeoutException] once `patience` from now
    /// is over.
    void deadline(Duration patience);

    /// Reads one message: an unsigned varint and as many bytes.
    ///
    /// @param maxLength the longest body taken; a longer one is a [ProtocolViolation] before it is read
    /// @throws java.io.EOFException where the remote ended instead
    byte[] readMessage(int maxLength) throws IOException;

    /// Reads exactly `length` bytes.
    ///
    /// @throws java.io.EOFException where the remote ended before
    byte[] read(int length) throws IOException;

    /// True where the remote has ended and nothing is left to read; waits until that is known.
    boolean atEnd() throws IOException;

    /// Writes `body` with its length before it.
    void writeMessage(byte[] body) throws IOException;

    /// Writes bytes; blocks while more than a window's share of them waits for the remote.
    void write(byte[] bytes) throws IOException;

    /// Sends no more. Reading goes on.
    void closeWrite();

    /// Ends both directions at once.
    void reset();
}
