// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.protocol.mdns.MdnsMessage.Question;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// DNS messages in bytes (RFC 1035, 4.1; RFC 6762, 18).
///
/// Names are read compressed and written plain. Records of other types and classes are passed over.
final class MdnsCodec {
    /// Of a packet, with its headers (RFC 6762, 17).
    static final int MAX_LENGTH = 9000;

    /// Of a message; more than any service browser asks at once.
    static final int MAX_QUESTIONS = 64;

    /// Of a message, of all sections; a PTR and a TXT record of 128 peers.
    static final int MAX_RECORDS = 256;

    /// Of a name: the number of miekg/dns, with which go-libp2p reads.
    static final int MAX_POINTERS = 126;

    private static final int HEADER = 12;
    private static final int RESPONSE = 0x8000;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int OPCODE_AND_RCODE = 0x780F;
    private static final int CLASS_IN = 1;
    private static final int CLASS_ANY = 255;

    /// In a question: answer me alone; in a record: forget what you had of this name and type.
    private static final int TOP_BIT = 0x8000;

    private final byte[] packet;
    private int at;

    private MdnsCodec(byte[] packet) {
        this.packet = packet;
    }

    // --- from bytes

    static MdnsMessage parse(byte[] packet) throws MalformedMessage {
        if (packet.length > MAX_LENGTH || packet.length < HEADER) {
            throw new MalformedMessage("a DNS message of " + packet.length + " bytes");
        }
        return new MdnsCodec(packet).message();
    }

    private MdnsMessage message() throws MalformedMessage {
        int id = number16();
        int flags = number16();
        int questionCount = number16();
        int answerCount = number16();
        int authorityCount = number16();
        int additionalCount = number16();
        if ((flags & OPCODE_AND_RCODE) != 0) { // to be ignored (RFC 6762, 18.3 and 18.11)
            throw new MalformedMessage("a DNS message with flags " + Integer.toHexString(flags));
        }
        if (questionCount > MAX_QUESTIONS
                || answerCount + authorityCount + additionalCount > MAX_RECORDS) {
            throw new MalformedMessage("a DNS message of too many records");
        }
        var questions = questions(questionCount);
        var answers = records(answerCount);
        records(authorityCount);
        var additionals = records(additionalCount);
        return new MdnsMessage(id, (flags & RESPONSE) != 0, questions, answers, additionals);
    }

    private List<Question> questions(int count) throws MalformedMessage {
        var questions = new ArrayList<Question>();
        for (int i = 0; i < count; i++) {
            var name = name();
            int type = number16();
            int kind = number16();
            int plainKind = kind & ~TOP_BIT;
            if (plainKind == CLASS_IN || plainKind == CLASS_ANY) {
                questions.add(new Question(name, type, (kind & TOP_BIT) != 0));
            }
        }
        return questions;
    }

    private List<MdnsRecord> records(int count) throws MalformedMessage {
        var records = new ArrayList<MdnsRecord>();
        for (int i = 0; i < count; i++) {
            record().ifPresent(records::add);
        }
        return records;
    }

    private Optional<MdnsRecord> record() throws MalformedMessage {
        var name = name();
        int type = number16();
        int kind = number16() & ~TOP_BIT;
        long ttl = (long) number16() << 16 | number16();
        int length = number16();
        int end = at + length;
        if (end > packet.length) {
            throw new MalformedMessage("a DNS message ends inside a record");
        }
        Optional<MdnsRecord> record = kind == CLASS_IN ? value(name, type, ttl, end) : skip(end);
        if (at != end) {
            throw new MalformedMessage("a record of type " + type + " that is not " + length);
        }
        return record;
    }

    private Optional<MdnsRecord> value(DnsName name, int type, long ttl, int end)
            throws MalformedMessage {
        return switch (type) {
            case MdnsRecord.Pointer.TYPE -> Optional.of(new MdnsRecord.Pointer(name, ttl, name()));
            case MdnsRecord.Text.TYPE -> Optional.of(new MdnsRecord.Text(name, ttl, strings(end)));
            case MdnsRecord.Service.TYPE -> {
                number16(); // priority
                number16(); // weight
                yield Optional.of(new MdnsRecord.Service(name, ttl, number16(), name()));
            }
            case MdnsRecord.Address.TYPE_4 -> Optional.of(address(name, ttl, 4));
            case MdnsRecord.Address.TYPE_6 -> Optional.of(address(name, ttl, 16));
            default -> skip(end);
        };
    }

    private Optional<MdnsRecord> skip(int end) {
        at = end;
        return Optional.empty();
    }

    private List<String> strings(int end) throws MalformedMessage {
        var strings = new ArrayList<String>();
        while (at < end) {
            strings.add(characters(number8()));
        }
        return strings;
    }

    private MdnsRecord address(DnsName name, long ttl, int length) throws MalformedMessage {
        var ip = characters(length).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return new MdnsRecord.Address(name, ttl, InetAddress.getByAddress(ip));
        } catch (UnknownHostException e) {
            throw new MalformedMessage("an IP address of " + length + " bytes", e);
        }
    }

    /// A pointer leads to what stands before the part of the name that holds it, so no name is endless.
    private DnsName name() throws MalformedMessage {
        var labels = new ArrayList<String>();
        int length = 1;
        int after = -1; // where the record goes on once a pointer was followed
        int start = at;
        for (int pointers = 0; ; ) {
            int first = number8();
            if (first == 0) {
                break;
            }
            if (first <= DnsName.MAX_LABEL) {
                length += 1 + first;
                if (length > DnsName.MAX_LENGTH) {
                    throw new MalformedMessage("a name of more than 255 bytes");
                }
                labels.add(characters(first));
                continue;
            }
            int target = (first & 0x3F) << 8 | number8();
            if (first < 0xC0 || target >= start || ++pointers > MAX_POINTERS) {
                throw new MalformedMessage("a name with a pointer that leads nowhere");
            }
            after = after < 0 ? at : after;
            start = target;
            at = target;
        }
        at = after < 0 ? at : after;
        return new DnsName(labels);
    }

    private String characters(int length) throws MalformedMessage {
        if (length > packet.length - at) {
            throw new MalformedMessage("a DNS message ends inside a name or value");
        }
        var text = new String(packet, at, length, StandardCharsets.ISO_8859_1);
        at += length;
        return text;
    }

    private int number8() throws MalformedMessage {
        if (at >= packet.length) {
            throw new MalformedMessage("a DNS message is cut");
        }
        return packet[at++] & 0xFF;
    }

    private int number16() throws MalformedMessage {
        return number8() << 8 | number8();
    }

    // --- into bytes

    static byte[] toBytes(MdnsMessage message) {
        var out = new ByteArrayOutputStream();
        write16(out, message.id());
        write16(out, message.response() ? RESPONSE | AUTHORITATIVE : 0);
        write16(out, message.questions().size());
        write16(out, message.answers().size());
        write16(out, 0);
        write16(out, message.additionals().size());
        for (var question : message.questions()) {
            write(out, question.name());
            write16(out, question.type());
            write16(out, CLASS_IN | (question.unicast() ? TOP_BIT : 0));
        }
        // an answer with its question in it is for a plain DNS client, which does not know the top
        // bit
        boolean flush = message.response() && message.questions().isEmpty();
        message.records().forEach(record -> write(out, record, flush));
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, MdnsRecord record, boolean flush) {
        boolean shared = record instanceof MdnsRecord.Pointer; // others have such records too
        var value = value(record);
        write(out, record.name());
        write16(out, record.type());
        write16(out, CLASS_IN | (flush && !shared ? TOP_BIT : 0));
        write16(out, (int) (record.ttl() >>> 16));
        write16(out, (int) record.ttl());
        write16(out, value.length);
        out.writeBytes(value);
    }

    private static byte[] value(MdnsRecord record) {
        var out = new ByteArrayOutputStream();
        switch (record) {
            case MdnsRecord.Pointer pointer -> write(out, pointer.target());
            case MdnsRecord.Text text -> text.strings().forEach(string -> write(out, string));
            case MdnsRecord.Service service -> {
                write16(out, 0);
                write16(out, 0);
                write16(out, service.port());
                write(out, service.host());
            }
            case MdnsRecord.Address address -> out.writeBytes(address.ip().getAddress());
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, DnsName name) {
        name.labels().forEach(label -> write(out, label));
        out.write(0);
    }

    private static void write(ByteArrayOutputStream out, String string) {
        out.write(string.length());
        out.writeBytes(string.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void write16(ByteArrayOutputStream out, int number) {
        out.write(number >>> 8);
        out.write(number);
    }
}
