// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.multiformats.MultiaddrProtocol;

/// Turns `/dns`, `/dns4`, `/dns6` and `/dnsaddr` addresses into IP addresses without blocking.
///
/// Names of the hosts file are honoured. `/dnsaddr` follows TXT records of `_dnsaddr.<name>`
/// (addressing/dnsaddr.md), to a depth of 4 and 100 addresses, the limits of go-libp2p, and asks no more
/// than 100 questions on the way: without that, records of 100 names each would make a million of them.
public final class NameResolver implements AutoCloseable {
    private static final int MAX_DEPTH = 4;
    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_QUESTIONS = 100;
    private static final long QUERY_TIMEOUT_MILLIS = 2_000;
    private static final String DNSADDR_PREFIX = "dnsaddr=";

    private final EventLoop loop;
    private final ChannelFactory<DatagramChannel> channels;
    private final Function<DnsNameResolverBuilder, DnsNameResolverBuilder> settings;
    private Optional<Resolvers> resolvers = Optional.empty();

    private record Resolvers(DnsNameResolver any, DnsNameResolver ip4, DnsNameResolver ip6) {}

    public NameResolver(EventLoopGroup loops) {
        this(loops, builder -> builder);
    }

    /// @param settings applied last to each resolver, for instance another name server
    public NameResolver(
            EventLoopGroup loops,
            Function<DnsNameResolverBuilder, DnsNameResolverBuilder> settings) {
        this.loop = loops.next();
        this.channels =
                loops instanceof EpollEventLoopGroup
                        ? EpollDatagramChannel::new
                        : NioDatagramChannel::new;
        this.settings = settings;
    }

    /// Resolves one address; an address without a name comes back as it is. A name that does not
    /// resolve is a failed future with a sentence that names it.
    public CompletableFuture<List<Multiaddr>> resolve(Multiaddr address) {
        return resolve(address, MAX_DEPTH, new AtomicInteger(MAX_QUESTIONS));
    }

    private CompletableFuture<List<Multiaddr>> resolve(
            Multiaddr address, int depth, AtomicInteger questionsLeft) {
        var name = address.dnsName();
        if (name.isEmpty()) {
            return CompletableFuture.completedFuture(List.of(address));
        }
        if (questionsLeft.getAndDecrement() <= 0) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(
                            address + " is one of more than " + MAX_QUESTIONS + " names"));
        }
        return switch (address.parts().getFirst().protocol()) {
            case DNS4 -> hosts(address, resolvers().ip4(), name.get());
            case DNS6 -> hosts(address, resolvers().ip6(), name.get());
            case DNSADDR -> dnsaddr(address, name.get(), depth, questionsLeft);
            default -> hosts(address, resolvers().any(), name.get());
        };
    }

    /// Made on first use: a node that is given IP addresses only needs no resolver.
    private synchronized Resolvers resolvers() {
        if (resolvers.isEmpty()) {
            resolvers =
                    Optional.of(
                            new Resolvers(
                                    resolver(ResolvedAddressTypes.IPV6_PREFERRED),
                                    resolver(ResolvedAddressTypes.IPV4_ONLY),
                                    resolver(ResolvedAddressTypes.IPV6_ONLY)));
        }
        return resolvers.get();
    }

    private DnsNameResolver resolver(ResolvedAddressTypes types) {
        var builder =
                new DnsNameResolverBuilder(loop)
                        .datagramChannelFactory(channels)
                        .resolvedAddressTypes(types)
                        .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                        .ttl(0, 300)
                        .negativeTtl(5);
        return settings.apply(builder).build();
    }

    private static CompletableFuture<List<Multiaddr>> hosts(
            Multiaddr address, DnsNameResolver resolver, String name) {
        return completable(resolver.resolveAll(name), "no address for " + name)
                .thenApply(found -> found.stream().map(ip -> withIp(address, ip)).toList());
    }

    private static Multiaddr withIp(Multiaddr address, InetAddress ip) {
        var bytes = ip.getAddress();
        var protocol = bytes.length == 4 ? MultiaddrProtocol.IP4 : MultiaddrProtocol.IP6;
        var parts = new ArrayList<>(address.parts());
        parts.set(0, new Multiaddr.Part(protocol, bytes));
        return Multiaddr.of(parts);
    }

    private CompletableFuture<List<Multiaddr>> dnsaddr(
            Multiaddr address, String name, int depth, AtomicInteger questionsLeft) {
        if (depth == 0) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(
                            "/dnsaddr/" + name + " leads on more than " + MAX_DEPTH + " times"));
        }
        var question = new DefaultDnsQuestion("_dnsaddr." + name, DnsRecordType.TXT);
        return completable(resolvers().any().resolveAll(question), "no dnsaddr records for " + name)
                .thenApply(records -> matching(address, records))
                .thenCompose(addresses -> resolveEach(addresses, depth - 1, questionsLeft));
    }

    private CompletableFuture<List<Multiaddr>> resolveEach(
            List<Multiaddr> addresses, int depth, AtomicInteger questionsLeft) {
        var each =
                addresses.stream().map(address -> resolve(address, depth, questionsLeft)).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .handle((_, _) -> each) // one dead name does not spoil the others
                .thenApply(done ->
                        done.stream()
                                .filter(one -> !one.isCompletedExceptionally())
                                .flatMap(one -> one.join().stream())
                                .limit(MAX_ADDRESSES)
                                .toList());
    }

    /// The addresses of the records that lead to the peer that `address` names, if it names one.
    private static List<Multiaddr> matching(Multiaddr address, List<DnsRecord> records) {
        var found = new ArrayList<Multiaddr>();
        for (var record : records) {
            text(record)
                    .filter(text -> text.startsWith(DNSADDR_PREFIX))
                    .flatMap(text -> readable(text.substring(DNSADDR_PREFIX.length())))
                    .filter(candidate -> found.size() < MAX_ADDRESSES && fits(address, candidate))
                    .ifPresent(found::add);
            ReferenceCountUtil.release(record);
        }
        return found;
    }

    private static boolean fits(Multiaddr address, Multiaddr candidate) {
        var wanted = address.peer();
        var named = candidate.peer();
        return wanted.isEmpty() || named.isPresent() && Arrays.equals(wanted.get(), named.get());
    }

    private static Optional<Multiaddr> readable(String text) {
        try {
            return Optional.of(Multiaddr.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a record for other transports than ours
        }
    }

    /// The character strings of a TXT record, joined (RFC 1035, 3.3.14).
    private static Optional<String> text(DnsRecord record) {
        if (!(record instanceof DnsRawRecord raw)) {
            return Optional.empty();
        }
        var in = raw.content().duplicate();
        var text = new StringBuilder();
        while (in.isReadable()) {
            int length = in.readUnsignedByte();
            if (length > in.readableBytes()) {
                return Optional.empty();
            }
            text.append(in.readCharSequence(length, StandardCharsets.UTF_8));
        }
        return Optional.of(text.toString());
    }

    private static <T> CompletableFuture<T> completable(Future<T> future, String fault) {
        var result = new CompletableFuture<T>();
        future.addListener((Future<T> done) -> {
            if (done.isSuccess()) {
                result.complete(done.getNow());
            } else {
                result.completeExceptionally(new UnknownHostException(fault));
            }
        });
        return result;
    }

    @Override
    public synchronized void close() {
        resolvers.ifPresent(open -> {
            open.any().close();
            open.ip4().close();
            open.ip6().close();
        });
        resolvers = Optional.empty();
    }
}
