// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A name server on loopback that knows what the test tells it.
final class NameServer implements AutoCloseable {
    private record Question(String name, DnsRecordType type) {}

    private final Map<Question, List<byte[]>> records = new ConcurrentHashMap<>();
    private final AtomicInteger queries = new AtomicInteger();
    private final Channel channel;

    NameServer(EventLoopGroup loops) throws InterruptedException {
        channel =
                new Bootstrap()
                        .group(loops)
                        .channel(NioDatagramChannel.class)
                        .handler(
                                new ChannelInitializer<DatagramChannel>() {
                                    @Override
                                    protected void initChannel(DatagramChannel created) {
                                        created.pipeline()
                                                .addLast(
                                                        new DatagramDnsQueryDecoder(),
                                                        new DatagramDnsResponseEncoder(),
                                                        new Answers());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .sync()
                        .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    int queries() {
        return queries.get();
    }

    void ip(String name, String literal) {
        var ip = InetAddress.ofLiteral(literal).getAddress();
        add(name, ip.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA, ip);
    }

    /// A TXT record of one or more character strings.
    void text(String name, String... strings) {
        var out = new ByteArrayOutputStream();
        for (var string : strings) {
            var bytes = string.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        add(name, DnsRecordType.TXT, out.toByteArray());
    }

    private void add(String name, DnsRecordType type, byte[] value) {
        records.computeIfAbsent(new Question(name + ".", type), _ -> new ArrayList<>()).add(value);
    }

    @Override
    public void close() {
        channel.close();
    }

    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            queries.incrementAndGet();
            DefaultDnsQuestion question = query.recordAt(DnsSection.QUESTION);
            var answer = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            answer.addRecord(DnsSection.QUESTION, question);
            var found = records.get(new Question(question.name(), question.type()));
            if (found == null) {
                answer.setCode(DnsResponseCode.NXDOMAIN);
            } else {
                for (var value : found) {
                    answer.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    question.type(),
                                    60,
                                    Unpooled.wrappedBuffer(value)));
                }
            }
            ctx.writeAndFlush(answer);
        }
    }
}
