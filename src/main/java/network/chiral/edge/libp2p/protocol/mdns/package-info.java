// SPDX-License-Identifier: Apache-2.0
/// mDNS discovery (discovery/mdns.md, RFC 6762 and 6763): finds peers on the same link, and is found.
///
/// Read [MdnsService] first: it asks, answers and hears. [MdnsMessage] is what crosses the wire and
/// [MdnsCodec] spells it; [MdnsAnswers] knows our records and [MdnsFindings] reads those of others.
/// [MdnsTable] decides who is dialled, [AnswerTable] when an answer goes out. [MdnsLink] is one
/// interface of the machine, opened by [UdpLinks].
@NullMarked
package network.chiral.edge.libp2p.protocol.mdns;

import org.jspecify.annotations.NullMarked;
