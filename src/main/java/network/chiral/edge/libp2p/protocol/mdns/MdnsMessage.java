// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.util.List;
import java.util.stream.Stream;

/// A DNS message as mDNS uses it.
///
/// @param id 0 but in an answer to a plain DNS client
/// @param answers what was asked for; in a query, what the asker knows already
/// @param additionals what the asker will want next
record MdnsMessage(
        int id,
        boolean response,
        List<Question> questions,
        List<MdnsRecord> answers,
        List<MdnsRecord> additionals) {
    /// Any type of record.
    static final int ANY = 255;

    /// @param unicast the asker wants the answer for itself (RFC 6762, 5.4)
    record Question(DnsName name, int type, boolean unicast) {
        boolean wants(int wanted) {
            return type == wanted || type == ANY;
        }
    }

    MdnsMessage {
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
        additionals = List.copyOf(additionals);
    }

    /// A question to all.
    static MdnsMessage query(Question question) {
        return new MdnsMessage(0, false, List.of(question), List.of(), List.of());
    }

    Stream<MdnsRecord> records() {
        return Stream.concat(answers.stream(), additionals.stream());
    }

    /// True where every question wants its answer for the asker alone.
    boolean wantsUnicast() {
        return questions.stream().allMatch(Question::unicast);
    }
}
